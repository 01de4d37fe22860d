using Forensics.Api;

namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>Two controller processes and one Lease, on the real API server.</summary>
[Category("Cluster")]
public sealed class LeadershipProcessTests
{
    [Test]
    public async Task A_leader_that_is_stopped_in_mid_capture_and_wakes_up_again_makes_no_second_Job_and_changes_no_end()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunBigPodAsync(new TargetPod("bad-pod"));
        using var first = await Leaders.StartAsync(scenario);
        await Leaders.LeadsAsync(first);
        using var second = await Leaders.StartAsync(scenario);
        await Leaders.LogsAsync(second, "Waiting for the Lease");
        await Leaders.LogsAsync(second, "Synced", "its caches are warm");

        await scenario.CheckpointAsync("case-1", "bad-pod");
        await scenario.EventuallyAsync("case-1", "the agent runs", status => status.Phase == Phase.Capturing);
        await first.PauseAsync();
        await Leaders.LeadsAsync(second);
        var ended = await scenario.FinishedAsync("case-1");
        await first.ContinueAsync();
        await Leaders.EndsByItselfAsync(first);

        first.Log.Should().Contain("Lost the Lease");
        ended.Status!.Phase.Should().Be(Phase.Complete, ended.Status.Message);
        (await Scenario.OwnedAsync("jobs", ended)).Should().ContainSingle();
        (await Scenario.OwnedAsync("pods", ended)).Should().ContainSingle();
        Scenario.StatusOf(await scenario.GetAsync("case-1")).Should().Be(Scenario.StatusOf(ended));
    }

    [Test]
    public async Task A_leader_that_is_told_to_stop_gives_the_Lease_back_at_once()
    {
        await using var scenario = await Scenario.StartAsync();
        using var first = await Leaders.StartAsync(scenario);
        await Leaders.LeadsAsync(first);
        using var second = await Leaders.StartAsync(scenario);
        await Leaders.LogsAsync(second, "Waiting for the Lease");

        await first.StopAsync();
        await Leaders.LogsAsync(first, "Gave back the Lease");
        await Leaders.LeadsAsync(second);
    }
}
