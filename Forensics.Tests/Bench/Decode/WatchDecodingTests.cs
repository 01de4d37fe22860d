namespace Forensics.Tests.Bench.Decode;

/// <summary>The part of the comparison that does not depend on how busy a machine is.</summary>
[NonParallelizable]
public sealed class WatchDecodingTests
{
    [Test]
    public async Task Both_sides_of_the_comparison_read_every_event()
    {
        var comparison = new WatchDecoding();

        await comparison.KubernetesClientAsync();
        await comparison.OursAsync();
    }

    [Test]
    public async Task An_event_of_a_watch_costs_at_most_a_KiB_of_garbage()
    {
        await new WatchDecoding().OursAsync(); // What is made once is made here.

        // The whole process is counted: what a neighbour allocates meanwhile is no fault of ours, so the least of some counts.
        var least = long.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await new WatchDecoding().OursAsync();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        await TestContext.Out.WriteLineAsync($"{least / CannedWatch.Events} bytes an event");
        (least / CannedWatch.Events).Should().BeLessThanOrEqualTo(1024);
    }
}
