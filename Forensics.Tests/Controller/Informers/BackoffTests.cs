using Forensics.Controller.Informers;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller.Informers;

internal sealed class BackoffTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Pauses_double_up_to_the_longest_with_jitter_on_top()
    {
        var backoff = new Backoff(_clock);
        foreach (var expected in new[] { 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 })
        {
            var pause = backoff.Next().TotalSeconds;
            pause.Should().BeGreaterThanOrEqualTo(expected - 1e-9).And.BeLessThan(expected * 2);
            _clock.Advance(TimeSpan.FromSeconds(pause));
        }
    }

    [Test]
    public void Two_quiet_minutes_start_it_anew()
    {
        var backoff = new Backoff(_clock);
        for (var i = 0; i < 8; i++) backoff.Next();
        _clock.Advance(Backoff.QuietTime);
        backoff.Next().Should().BeGreaterThanOrEqualTo(Backoff.Longest, "the last pause itself was not quiet time");
        _clock.Advance(Backoff.QuietTime + (Backoff.Longest * 2));

        backoff.Next().Should().BeLessThan(Backoff.First * 2);
    }

    [Test]
    public void Many_clients_do_not_come_back_together() =>
        Enumerable.Range(0, 100).Select(_ => new Backoff(_clock).Next()).Distinct().Should().HaveCountGreaterThan(90);
}
