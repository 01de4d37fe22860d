using System.Text.Json;
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
        using var first = await StartAsync(scenario);
        await LeadsAsync(first);
        using var second = await StartAsync(scenario);
        await LogsAsync(second, "Waiting for the Lease");
        await LogsAsync(second, "Synced", "its caches are warm");

        await scenario.CheckpointAsync("case-1", "bad-pod");
        await scenario.EventuallyAsync("case-1", "the agent runs", status => status.Phase == Phase.Capturing);
        await first.PauseAsync();
        await LeadsAsync(second);
        var ended = await scenario.FinishedAsync("case-1");
        await first.ContinueAsync();
        await RealCluster.EventuallyAsync("the first one stops by itself", RealCluster.Patience, () => Task.FromResult(first.HasExited), exited => exited);

        first.Log.Should().Contain("Lost the Lease");
        ended.Status!.Phase.Should().Be(Phase.Complete, ended.Status.Message);
        (await Scenario.OwnedAsync("jobs", ended)).Should().ContainSingle();
        (await Scenario.OwnedAsync("pods", ended)).Should().ContainSingle();
        JsonOf(await scenario.GetAsync("case-1")).Should().Be(JsonOf(ended));
    }

    [Test]
    public async Task A_leader_that_is_told_to_stop_gives_the_Lease_back_at_once()
    {
        await using var scenario = await Scenario.StartAsync();
        using var first = await StartAsync(scenario);
        await LeadsAsync(first);
        using var second = await StartAsync(scenario);
        await LogsAsync(second, "Waiting for the Lease");

        await first.StopAsync();
        await LogsAsync(first, "Gave back the Lease");
        await LeadsAsync(second);
    }

    private static Task<ControllerProcess> StartAsync(Scenario scenario) => ControllerProcess.StartAsync(
        scenario, "--enable-leader-election", $"--leader-election-namespace={RealCluster.SystemNamespace}");

    private static Task<string> LeadsAsync(ControllerProcess controller) => LogsAsync(controller, "Holding the Lease");

    private static Task<string> LogsAsync(ControllerProcess controller, string text, string? what = null) => RealCluster.EventuallyAsync(
        what ?? $"it says '{text}'", RealCluster.Patience, () => Task.FromResult(controller.Log), log => log.Contains(text, StringComparison.Ordinal));

    private static string JsonOf(PodCheckpoint checkpoint) => JsonSerializer.Serialize(checkpoint.Status, ApiJson.Compact.PodCheckpointStatus);
}
