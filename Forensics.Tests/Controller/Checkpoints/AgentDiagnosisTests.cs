using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class AgentDiagnosisTests
{
    private static readonly AgentSymptoms Healthy = new() { Node = Given.Node(), NodeName = "node-1", WorkerNamespace = "forensics-workers" };

    [Test]
    public void An_agent_that_is_just_slow_has_nothing_wrong()
    {
        AgentDiagnosis.Of(Healthy).Should().BeNull();
        AgentDiagnosis.Of(Healthy with { Pod = Given.Agent().Seen() }).Should().BeNull();
        AgentDiagnosis.Of(Healthy with { Pod = Given.Agent(Given.Waiting("ContainerCreating")).Seen() }).Should().BeNull();
        AgentDiagnosis.Of(Healthy with { Pod = Given.Agent(Given.Waiting("PodInitializing")).Seen() }).Should().BeNull();
    }

    [Test]
    public void A_Job_whose_pod_is_refused_says_who_refuses_it_last()
    {
        var trouble = AgentDiagnosis.Of(Healthy with
        {
            Events = [Event("FailedCreate", "exceeded quota", 1), Event("FailedCreate", "violates PodSecurity", 2), Event("Other", "x", 3)],
        })!;
        trouble.Reason.Should().Be(Reasons.AgentRejected);
        trouble.Message.Should().Contain("violates PodSecurity").And.Contain("forensics-workers").And.NotContain("quota:");
    }

    [Test]
    public void A_pod_that_no_node_takes_says_why()
    {
        var pod = Given.Agent();
        pod.Status.Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "Insufficient memory" }];
        Expect(Healthy with { Pod = pod.Seen() }, Reasons.AgentUnschedulable, "Unschedulable: Insufficient memory");
    }

    [Test]
    public void A_node_that_does_not_answer_is_told_before_what_hangs_from_it() =>
        Expect(
            Healthy with { Pod = Given.Agent(Given.Waiting("ImagePullBackOff")).Seen(), Node = Given.Node("Unknown") },
            Reasons.NodeNotReady,
            "kubectl describe node node-1");

    [TestCase("ErrImagePull")]
    [TestCase("ImagePullBackOff")]
    [TestCase("InvalidImageName")]
    [TestCase("ErrImageNeverPull")]
    public void An_image_that_cannot_be_had_is_named(string reason) =>
        Expect(Healthy with { Pod = Given.Agent(Given.Waiting(reason, "not found")).Seen() }, Reasons.AgentImageNotPulled, "'forensics-agent:1'");

    [TestCase("FailedMount")]
    [TestCase("FailedAttachVolume")]
    public void What_cannot_be_mounted_is_told_in_the_kubelets_words(string reason) =>
        Expect(
            Healthy with { Pod = Given.Agent(Given.Waiting("ContainerCreating")).Seen(), Events = [Event(reason, "docker.sock is not a socket", 1)] },
            Reasons.AgentMountFailed,
            "docker.sock is not a socket. If its node keeps that elsewhere, say where by --node-paths.");

    [Test]
    public void A_path_of_the_node_is_one_whatever_it_is_called() =>
        Expect(
            Healthy with
            {
                Pod = Given.Agent(Given.Waiting("ContainerCreating")).Seen(),
                Events = [Event("FailedMount", "MountVolume.SetUp failed for volume \"runtime\" : hostPath type check failed: /run/secrets/docker.sock is not a socket file", 1)],
            },
            Reasons.AgentMountFailed,
            "--node-paths");

    [TestCase("MountVolume.SetUp failed for volume \"company-ca\" : configmap \"company-ca\" not found")]
    [TestCase("MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found")]
    [TestCase("MountVolume.SetUp failed for volume \"forensics-plan\" : failed to sync configmap cache: timed out waiting for the condition")]
    public void What_the_node_gets_from_the_cluster_is_not_to_be_looked_for_on_the_node(string message)
    {
        var trouble = AgentDiagnosis.Of(Healthy with
        {
            Pod = Given.Agent(Given.Waiting("ContainerCreating")).Seen(),
            Events = [Event("FailedMount", message, 1)],
        })!;
        trouble.Reason.Should().Be(Reasons.AgentMountFailed);
        trouble.Message.Should().Contain($"{message}. If it is not there, make it in 'forensics-workers'.").And.NotContain("--node-paths");
    }

    [Test]
    public void Whatever_else_a_container_waits_for_is_passed_on() =>
        Expect(Healthy with { Pod = Given.Agent(Given.Waiting("CreateContainerConfigError", "no secret")).Seen() }, Reasons.AgentNotStarted, "CreateContainerConfigError: no secret");

    [Test]
    public void Another_container_of_the_template_is_not_taken_for_the_agent()
    {
        var pod = Given.Agent();
        pod.Status.ContainerStatuses = [new V1ContainerStatus { Name = "sidecar", State = Given.Waiting("ImagePullBackOff") }];
        AgentDiagnosis.Of(Healthy with { Pod = pod.Seen() }).Should().BeNull();
    }

    private static void Expect(AgentSymptoms seen, string reason, string words)
    {
        var trouble = AgentDiagnosis.Of(seen)!;
        trouble.Reason.Should().Be(reason);
        trouble.Message.Should().Contain(words);
    }

    private static Corev1Event Event(string reason, string message, int minute) =>
        new() { Reason = reason, Message = message, LastTimestamp = Given.Start.AddMinutes(minute).UtcDateTime };
}
