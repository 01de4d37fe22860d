using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Metadata;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Metadata;

public sealed class DescribeWriterTests
{
    [Test]
    public void Owners_node_service_account_and_events_are_told()
    {
        var pod = Given.Target();
        pod.Metadata.OwnerReferences = [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = "shop", Uid = "rs-uid" }];
        pod.Spec.ServiceAccountName = "shopkeeper";

        var text = DescribeWriter.Write(pod, Given.Node(), [Event("Killing", 2), Event("Pulled", 1)]);

        text.Should().Contain("ReplicaSet/shop (apps/v1, UID rs-uid)").And.Contain("shopkeeper").And.Contain("docker://c0ffee").And.Contain("Ready True KubeletSays");
        text.IndexOf("Pulled", StringComparison.Ordinal).Should().BeLessThan(text.IndexOf("Killing", StringComparison.Ordinal), "the oldest comes first");
    }

    [Test]
    public void Every_kind_of_container_has_its_section()
    {
        var pod = Given.Target();
        pod.Spec.InitContainers = [new V1Container { Name = "setup" }];
        pod.Spec.EphemeralContainers = [new V1EphemeralContainer { Name = "debug", Image = "busybox:1" }];
        var text = DescribeWriter.Write(pod, null, null);
        text.Should().Contain("Init Containers:\n  setup:").And.Contain("\nContainers:\n  app:").And.Contain("Ephemeral Containers:\n  debug:");
    }

    [Test]
    public void Names_of_variables_are_shown_and_their_values_are_not()
    {
        var pod = Given.Target();
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "PASSWORD", Value = "hunter2" }];
        DescribeWriter.Write(pod, null, null).Should().Contain("PASSWORD").And.NotContain("hunter2");
    }

    [Test]
    public void How_a_container_ended_is_told_in_full()
    {
        var pod = Given.Target();
        pod.Status.ContainerStatuses[0].LastState = Given.Terminated("killed by miner", 137, "OOMKilled");
        DescribeWriter.Write(pod, null, null).Should().Contain("Terminated: OOMKilled, exit code 137").And.Contain("killed by miner");
    }

    [Test]
    public void Nothing_that_an_attacker_wrote_reaches_the_terminal_raw()
    {
        const string Hostile = "x\u001b[2J\nEvents: none\u202e";
        var pod = Given.Target();
        pod.Metadata.Annotations = new Dictionary<string, string> { [Hostile] = Hostile };
        pod.Spec.Containers[0].Args = [Hostile];
        pod.Status.Message = Hostile;

        var text = DescribeWriter.Write(pod, Given.Node(), [Event(Hostile, 1)]);

        text.Replace("\n", "", StringComparison.Ordinal).EnumerateRunes().Should().OnlyContain(rune => PlainText.IsShowable(rune));
        text.Split('\n').Should().NotContain(line => line.StartsWith("Events: none", StringComparison.Ordinal));
    }

    [TestCase("HostPath /etc (untyped)")]
    [TestCase("Secret password")]
    [TestCase("another kind (see the YAML)")]
    public void Volumes_say_where_their_content_comes_from(string expected)
    {
        var pod = Given.Target();
        pod.Spec.Volumes =
        [
            new V1Volume { Name = "a", HostPath = new V1HostPathVolumeSource { Path = "/etc" } },
            new V1Volume { Name = "b", Secret = new V1SecretVolumeSource { SecretName = "password" } },
            new V1Volume { Name = "c", Rbd = new V1RBDVolumeSource() },
        ];
        DescribeWriter.Write(pod, null, null).Should().Contain(expected);
    }

    private static Corev1Event Event(string reason, int minute) => new()
    {
        Type = "Normal",
        Reason = reason,
        Message = "m",
        LastTimestamp = Given.Start.AddMinutes(minute).UtcDateTime,
        Source = new V1EventSource { Component = "kubelet" },
    };
}
