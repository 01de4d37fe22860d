using Forensics.Api;

namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>A capture that takes its time: its agent may store five MiB a second.</summary>
[Category("Cluster")]
public sealed class ProgressTests
{
    [Test]
    public async Task The_bytes_and_the_container_in_hand_show_while_the_agent_works()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunBigPodAsync(new TargetPod("bad-pod"), mebibytes: 200);
        using var controller = await ControllerProcess.StartAsync(scenario, "--max-bandwidth=5");
        await scenario.CheckpointAsync("case-1", "bad-pod");

        await scenario.EventuallyAsync("case-1", "its progress shows", status => status.Progress is { Bytes: > 0, Container.Length: > 0, Artifact.Length: > 0 });

        var running = (await scenario.GetAsync("case-1")).Status!;
        running.Phase.Should().Be(Phase.Capturing);
        var shown = await RealCluster.KubectlAsync("get", "pcp", "-n", scenario.Namespace, "case-1");
        shown.Should().Contain("CONTAINER").And.MatchRegex($"Capturing +[0-9.]+ MiB +{running.Progress!.Container} ");
    }
}
