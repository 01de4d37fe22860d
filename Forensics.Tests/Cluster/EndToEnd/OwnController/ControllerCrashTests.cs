using Forensics.Api;

namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>The controller is killed (SIGKILL) and started again: one Job, one folder, a true status.</summary>
[Category("Cluster")]
public sealed class ControllerCrashTests
{
    [Test]
    public async Task Killed_when_the_plan_is_written() =>
        await SurvivesAsync((scenario, checkpoint) => RealCluster.EventuallyAsync(
            "the plan is there", RealCluster.Patience, () => Scenario.OwnedAsync("configmaps", checkpoint), plans => plans.Count > 0));

    [Test]
    public async Task Killed_while_the_agent_runs() =>
        await SurvivesAsync((scenario, checkpoint) => RealCluster.EventuallyAsync(
            "the agent's pod is there", RealCluster.Patience, () => Scenario.OwnedAsync("pods", checkpoint), pods => pods.Count > 0));

    [Test]
    public async Task Killed_while_the_agent_runs_and_started_again_after_it_has_ended() =>
        await SurvivesAsync(
            (scenario, checkpoint) => RealCluster.EventuallyAsync(
                "the agent's pod is there", RealCluster.Patience, () => Scenario.OwnedAsync("pods", checkpoint), pods => pods.Count > 0),
            (_, checkpoint) => RealCluster.KubectlAsync(
                "wait", "-n", RealCluster.WorkerNamespace, "jobs", "-l", $"{Labels.PodCheckpointUid}={checkpoint.Metadata.Uid}", "--for=condition=complete", "--timeout=90s"));

    private static async Task SurvivesAsync(
        Func<Scenario, PodCheckpoint, Task> untilKilled, Func<Scenario, PodCheckpoint, Task>? untilRestarted = null)
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("bad-pod"));
        using (var first = await ControllerProcess.StartAsync(scenario))
        {
            await scenario.CheckpointAsync("case-1", "bad-pod");
            await untilKilled(scenario, await scenario.GetAsync("case-1"));
            first.Kill();
        }

        if (untilRestarted is not null) await untilRestarted(scenario, await scenario.GetAsync("case-1"));

        using var second = await ControllerProcess.StartAsync(scenario);
        var ended = await scenario.FinishedAsync("case-1");

        ended.Status!.Phase.Should().Be(Phase.Complete, ended.Status.Message);
        (await Scenario.OwnedAsync("jobs", ended)).Should().ContainSingle();
        (await Scenario.OwnedAsync("pods", ended)).Should().ContainSingle();
        (await EvidenceFolder.FoldersAsync(scenario.Namespace + "/")).Should().ContainSingle().Which.Should().Be(ended.Status.Location!.TrimEnd('/')[$"s3://{RealCluster.Bucket}/".Length..]);
        using var evidence = await EvidenceFolder.DownloadAsync(ended.Status.Location!);
        evidence.ManifestSha256.Should().Be(ended.Status.ManifestSha256);
    }
}
