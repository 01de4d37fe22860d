using Forensics.Agent.Storage;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Storage;

[TestFixture]
internal sealed class BandwidthCapTests
{
    private readonly TestClock _clock = new();

    [Test]
    public void What_is_let_through_takes_its_time_before_the_next_goes_on()
    {
        var cap = new BandwidthCap(bytesPerSecond: 1000, _clock);

        cap.WaitAsync(500, CancellationToken.None).IsCompleted.Should().BeTrue("nothing is under way");
        var next = cap.WaitAsync(500, CancellationToken.None);
        _clock.Advance(TimeSpan.FromMilliseconds(499));
        next.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        next.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Test]
    public void Those_who_wait_at_once_share_it()
    {
        var cap = new BandwidthCap(bytesPerSecond: 1000, _clock);
        var waits = Enumerable.Range(0, 5).Select(_ => cap.WaitAsync(1000, CancellationToken.None)).ToList();

        foreach (var done in Enumerable.Range(1, 5))
        {
            waits.Count(wait => wait.IsCompleted).Should().Be(done);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Test]
    public void Idle_time_is_not_made_up_for()
    {
        var cap = new BandwidthCap(bytesPerSecond: 1000, _clock);
        _clock.Advance(TimeSpan.FromMinutes(1));

        cap.WaitAsync(1000, CancellationToken.None).IsCompleted.Should().BeTrue();
        cap.WaitAsync(1000, CancellationToken.None).IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_capped_store_holds_its_writers_up_and_stores_the_same()
    {
        using var memory = new InMemoryEvidenceStore();
        using var store = new CappedEvidenceStore(memory, new BandwidthCap(bytesPerSecond: 10, _clock));
        await using var writer = await store.CreateAsync("object", CancellationToken.None);

        await writer.WriteAsync(new byte[10], CancellationToken.None);
        var second = writer.WriteAsync(new byte[10], CancellationToken.None).AsTask();
        second.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.EndsAsync(second);
        await writer.CommitAsync(CancellationToken.None);

        memory.Objects["object"].Should().HaveCount(20);
    }
}
