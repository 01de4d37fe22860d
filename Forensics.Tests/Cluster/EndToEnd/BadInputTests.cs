using Forensics.Api;
using Forensics.Local;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>What people get wrong ends Failed, with a reason of its own and a message that says what to do.</summary>
[Category("Cluster")]
public sealed class BadInputTests
{
    [TestCase("my-bucket")]
    [TestCase("https://bucket.s3.amazonaws.com")]
    [TestCase("s3://Bucket")]
    public async Task A_wrong_destination_is_refused_when_it_is_applied(string destination)
    {
        await using var scenario = await Scenario.StartAsync();

        var apply = () => scenario.CheckpointAsync("case-1", "any", destination);

        (await apply.Should().ThrowAsync<LocalClusterException>()).WithMessage("*spec.destination*");
    }

    [Test]
    public async Task A_bucket_that_is_not_there_is_named()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("bad-pod"));
        await scenario.CheckpointAsync("case-1", "bad-pod", "s3://no-such-bucket-here");

        await FailsAsync(scenario, Reasons.BucketNotFound, "*no-such-bucket-here*");
    }

    [Test]
    public async Task A_pod_that_is_not_scheduled_yet_is_waited_for_and_then_captured()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("late") { NodeLabel = "late", SettledPhase = "Pending" });
        await scenario.CheckpointAsync("case-1", "late");

        var waiting = await scenario.EventuallyAsync("case-1", "it says that it waits", s => s.Conditions.Any(c => c is { Type: "Waiting", Status: "True" }));
        waiting.Status!.Phase.Should().Be(Phase.Pending);
        await RealCluster.KubectlAsync("label", "node", RealCluster.Descriptor.DockerNode, "late=yes", "--overwrite");
        try
        {
            var status = (await scenario.FinishedAsync("case-1")).Status!;
            status.Phase.Should().Be(Phase.Complete, status.Message);
            status.Conditions.Should().NotContain(c => c.Type == "Waiting" && c.Status == "True");
        }
        finally
        {
            await RealCluster.KubectlAsync("label", "node", RealCluster.Descriptor.DockerNode, "late-");
        }
    }

    internal static async Task<PodCheckpoint> FailsAsync(Scenario scenario, string reason, string message, string name = "case-1")
    {
        var ended = await scenario.FinishedAsync(name);
        ended.Status!.Phase.Should().Be(Phase.Failed);
        var failed = ended.Status.Conditions.Single(c => c.Type == ConditionTypes.Failed);
        failed.Reason.Should().Be(reason, failed.Message);
        failed.Message.Should().Match(message);
        ended.Status.Message.Should().NotBeNullOrEmpty();
        ended.Status.CompletionTime.Should().NotBeNull();
        return ended;
    }
}
