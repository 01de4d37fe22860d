using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class TargetObserverTests
{
    private static readonly ResourceKey Target = new("shop", "bad-pod");

    private InMemoryCluster _cluster = null!;

    [SetUp]
    public void MakeCluster() => _cluster = new CaptureWorld().Cluster;

    [TestCase("docker")]
    [TestCase("containerd")]
    public async Task One_that_can_be_captured_comes_with_its_node_and_its_runtime(string runtime)
    {
        _cluster.Targets[Target].Status.ContainerStatuses[0].ContainerID = $"{runtime}://c0ffee";

        var ready = (await LookAsync()).Should().BeOfType<TargetState.Ready>().Subject;

        ready.Runtime.Should().Be(runtime);
        ready.Node.Metadata.Name.Should().Be("node-1");
        ready.Found.Pod.Metadata.Uid.Should().Be("target-uid");
    }

    [Test]
    public async Task One_that_is_not_there_never_will_be_the_one_that_was_meant()
    {
        _cluster.Targets.Remove(Target);
        (await LookAsync()).Should().BeOfType<TargetState.Never>().Which.Trouble.Reason.Should().Be(Reasons.NotFound);
    }

    [Test]
    public async Task One_whose_node_is_away_may_be_captured_later()
    {
        _cluster.Nodes["node-1"] = Given.Node("Unknown");
        (await LookAsync()).Should().BeOfType<TargetState.NotYet>().Which.Trouble.Reason.Should().Be(Reasons.NodeNotReady);
    }

    [Test]
    public async Task One_whose_volumes_are_asked_for_in_vain_is_not_captured_without_them()
    {
        var checkpoint = Given.Checkpoint();
        var asks = checkpoint with { Spec = checkpoint.Spec with { Volumes = ["no-such-volume"] } };
        (await LookAsync(asks)).Should().BeOfType<TargetState.Never>().Which.Trouble.Message.Should().Contain("no-such-volume");
    }

    private Task<TargetState> LookAsync(PodCheckpoint? checkpoint = null) =>
        new TargetObserver(_cluster, Given.Options).LookAsync(checkpoint ?? Given.Checkpoint(), CancellationToken.None);
}
