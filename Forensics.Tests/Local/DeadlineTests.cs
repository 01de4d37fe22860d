using Forensics.Local;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Local;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task What_is_so_at_once_is_not_waited_for() =>
        (await Deadline.WaitAsync(_ => Task.FromResult(true), Limit, _time, CancellationToken.None)).Should().BeTrue();

    [TestCase(0.07, 150, TestName = "A quick look is taken again soon")]
    [TestCase(0.8, 800, TestName = "After a look that took its time the machine has as long for what is waited for")]
    [TestCase(30, 2000, TestName = "However long a look took, the next one comes soon")]
    public async Task Looks_are_paced(double seconds, int milliseconds)
    {
        var looks = 0;
        var waiting = Deadline.WaitAsync(Look, Limit, _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        looks.Should().Be(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await Eventually.EndsAsync(waiting)).Should().BeTrue();

        Task<bool> Look(CancellationToken cancellation)
        {
            if (looks == 0) _time.Advance(TimeSpan.FromSeconds(seconds));
            return Task.FromResult(++looks == 2);
        }
    }

    [Test]
    public async Task What_does_not_come_in_time_is_false()
    {
        var waiting = Deadline.WaitAsync(
            _ =>
            {
                _time.Advance(Limit + TimeSpan.FromSeconds(1));
                return Task.FromResult(false);
            },
            Limit, _time, CancellationToken.None);

        (await Eventually.EndsAsync(waiting)).Should().BeFalse();
    }
}
