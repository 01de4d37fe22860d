using Forensics.Api;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>What happens around a capture: targets, Jobs and agents go away, people delete things, nodes fail.</summary>
[Category("Cluster")]
[TestFixture("docker")]
[TestFixture("containerd")]
public sealed class LifeCycleTests(string runtime)
{
    // A pod's whole grace; the agent takes little of it.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_finished_one_never_changes_again_whatever_goes_away()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(Pod("bad-pod"));
        await scenario.CheckpointAsync("case-1", "bad-pod");
        var finished = await scenario.FinishedAsync("case-1");
        finished.Status!.Phase.Should().Be(Phase.Complete, finished.Status.Message);

        await RealCluster.KubectlAsync("delete", "pod", "-n", scenario.Namespace, "bad-pod", "--grace-period=1");
        await RealCluster.KubectlAsync("delete", "-n", RealCluster.WorkerNamespace, (await Scenario.OwnedAsync("jobs", finished)).Single());
        await RealCluster.KubectlAsync("label", "-n", scenario.Namespace, "pcp/case-1", "touched=yes");
        await scenario.CheckpointAsync("case-2", "bad-pod");
        await scenario.FinishedAsync("case-2"); // By now the controller has seen all of the above.

        Scenario.StatusOf(await scenario.GetAsync("case-1")).Should().Be(Scenario.StatusOf(finished));
        (await Scenario.OwnedAsync("jobs", finished)).Should().BeEmpty("a Job that someone deleted is not made again");
    }

    [Test]
    public async Task A_target_deleted_in_mid_capture_leaves_what_is_done_and_says_that_the_rest_is_gone()
    {
        await using var scenario = await CapturingAsync();

        await RealCluster.KubectlAsync("delete", "pod", "-n", scenario.Namespace, "bad-pod", "--grace-period=1", "--wait=false");

        var ended = await scenario.FinishedAsync("case-1");
        ended.Status!.Phase.Should().Be(Phase.Failed);
        ended.Status.Conditions.Single(c => c.Type == "Failed").Reason.Should().BeOneOf(Reasons.ContainerGone, Reasons.Incomplete);
        using var evidence = await EvidenceFolder.DownloadAsync(ended.Status.Location!);
        evidence.Manifest.Complete.Should().BeFalse();
        evidence.Manifest.Missing.Should().NotBeEmpty();
        evidence.Names.Should().Contain("bad-pod.yaml");
        await evidence.CheckSumsAsync();
    }

    [Test]
    public async Task A_second_agent_of_one_Job_ends_the_capture_and_takes_the_Job_away()
    {
        await using var scenario = await CapturingAsync();
        var running = await scenario.GetAsync("case-1");

        await RealCluster.KubectlAsync(
            "delete", "-n", RealCluster.WorkerNamespace, (await Scenario.OwnedAsync("pods", running))[0], "--wait=false");

        var ended = await BadInputTests.FailsAsync(scenario, Reasons.AgentReplaced, "*");
        await RealCluster.EventuallyAsync(
            "the Job is gone", RealCluster.Patience, () => Scenario.OwnedAsync("jobs", ended), jobs => jobs.Count == 0);
    }

    [Test]
    public async Task Deleting_a_PodCheckpoint_ends_its_agent_and_leaves_no_upload_open()
    {
        await using var scenario = await CapturingAsync();
        var running = await scenario.GetAsync("case-1");

        await RealCluster.KubectlAsync("delete", "pcp", "-n", scenario.Namespace, "case-1");

        foreach (var resource in new[] { "jobs", "configmaps", "pods" })
        {
            await RealCluster.EventuallyAsync(
                $"its {resource} are gone", Soon, () => Scenario.OwnedAsync(resource, running), left => left.Count == 0);
        }

        (await EvidenceFolder.OpenUploadsAsync(scenario.Namespace + "/")).Should().BeEmpty();
    }

    [Test]
    public async Task Progress_shows_while_a_capture_runs_and_people_are_told_not_to_delete_the_pod()
    {
        await using var scenario = await CapturingAsync();

        var running = (await scenario.GetAsync("case-1")).Status!;
        running.Message.Should().Contain("Do not delete the pod yet");
        running.Location.Should().StartWith($"s3://{RealCluster.Bucket}/{scenario.Namespace}/forensics/");

        (await scenario.FinishedAsync("case-1")).Status!.Phase.Should().Be(Phase.Complete);
        (await RealCluster.KubectlAsync("describe", "pcp", "-n", scenario.Namespace, "case-1"))
            .Should().Contain("CaptureStarted").And.Contain("CaptureComplete");
    }

    private async Task<Scenario> CapturingAsync()
    {
        var scenario = await Scenario.StartAsync();
        await scenario.RunBigPodAsync(Pod("bad-pod") with { Containers = [("main", ""), ("helper", "")] }, mebibytes: 400);
        await scenario.CheckpointAsync("case-1", "bad-pod");
        await scenario.EventuallyAsync("case-1", "the agent runs", status => status.Phase == Phase.Capturing);
        await RealCluster.EventuallyAsync(
            "an upload is under way", RealCluster.Patience, () => EvidenceFolder.OpenUploadsAsync(scenario.Namespace + "/"), open => open.Count > 0);
        return scenario;
    }

    private TargetPod Pod(string name) => new(name) { Node = TargetPod.NodeOf(runtime) };
}
