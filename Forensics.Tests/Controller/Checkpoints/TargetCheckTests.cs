using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class TargetCheckTests
{
    [Test]
    public void A_started_pod_is_ready_to_be_captured() =>
        TargetCheck.OfPod(Given.Target(), Given.Options).Should().BeNull();

    [Test]
    public void A_pod_without_a_node_is_waited_for_and_says_what_keeps_it()
    {
        var pod = Given.Target();
        pod.Spec.NodeName = null;
        pod.Status = new V1PodStatus
        {
            Phase = "Pending",
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/3 nodes" }],
        };

        var trouble = TargetCheck.OfPod(pod, Given.Options).Should().BeOfType<TargetState.NotYet>().Subject.Trouble;

        trouble.Reason.Should().Be(Reasons.TargetNotStarted);
        trouble.Message.Should().Contain("not scheduled").And.Contain("Unschedulable: 0/3 nodes").And.Contain("kubectl describe pod -n shop bad-pod");
    }

    [Test]
    public void A_pod_without_a_started_container_is_waited_for()
    {
        var pod = Given.Target();
        pod.Status.ContainerStatuses = [new V1ContainerStatus { Name = "app", State = Given.Waiting("ImagePullBackOff", "no such image") }];

        TargetCheck.OfPod(pod, Given.Options).Should().BeOfType<TargetState.NotYet>()
            .Which.Trouble.Message.Should().Contain("ImagePullBackOff: no such image");
    }

    [TestCase("Failed")]
    [TestCase("Succeeded")]
    public void A_pod_that_ended_without_a_container_has_nothing_to_capture_ever(string phase)
    {
        var pod = Given.Target();
        pod.Status = new V1PodStatus { Phase = phase, Reason = "Evicted" };
        TargetCheck.OfPod(pod, Given.Options).Should().BeOfType<TargetState.Never>().Which.Trouble.Reason.Should().Be(Reasons.TargetNotStarted);
    }

    [Test]
    public void A_pod_that_ended_is_captured_from_what_its_containers_left()
    {
        var pod = Given.Target();
        pod.Status.Phase = "Failed";
        TargetCheck.OfPod(pod, Given.Options).Should().BeNull();
    }

    [Test]
    public void A_runtime_that_this_installation_does_not_serve_is_refused_before_anything_is_read()
    {
        var pod = Given.Target();
        pod.Status.ContainerStatuses[0].ContainerID = "containerd://c0ffee";

        var trouble = TargetCheck.OfPod(pod, Given.Options with { Runtimes = ["docker"] }).Should().BeOfType<TargetState.Never>().Subject.Trouble;

        trouble.Reason.Should().Be(Reasons.UnsupportedRuntime);
        trouble.Message.Should().Contain("'containerd'").And.Contain("docker");
        TargetCheck.OfPod(pod, Given.Options).Should().BeNull("it is served where nothing else is said");
    }

    [TestCase("docker", "Runtime", true)]
    [TestCase("containerd", "Runtime", false)]
    [TestCase("cri-o", "Runtime", false)]
    [TestCase("containerd", "Auto", true)]
    [TestCase("containerd", "Layers", true)]
    [TestCase("containerd", null, true)]
    public void An_export_that_the_pods_runtime_has_not_is_refused_before_anything_is_read(string runtime, string? method, bool fine)
    {
        var trouble = TargetCheck.OfExport(runtime, new ExportSpec { Method = method });

        (trouble is null).Should().Be(fine);
        if (fine) return;
        trouble!.Reason.Should().Be(Reasons.InvalidSpec);
        trouble.Message.Should().Contain($"'{runtime}'").And.Contain("Auto or Layers");
    }

    [TestCase("True", true)]
    [TestCase("False", false)]
    [TestCase("Unknown", false)]
    public void Only_a_Ready_node_can_run_an_agent(string ready, bool fine) =>
        (TargetCheck.OfNode("node-1", Given.Node(ready)) is null).Should().Be(fine);

    [Test]
    public void A_node_that_is_unknown_or_never_reported_is_not_ready()
    {
        TargetCheck.OfNode("node-1", null)!.Message.Should().Contain("not known").And.Contain("node-1");
        TargetCheck.OfNode("node-1", new V1Node())!.Reason.Should().Be(Reasons.NodeNotReady);
    }

    [Test]
    public void Scripts_match_upstreams_words() =>
        TargetCheck.NotFound("bad-pod", "shop").Message.Should().Be("The specified Pod 'bad-pod' was not found in the 'shop' namespace.");
}
