using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

internal sealed class PodVolumesTests
{
    private static readonly NodeLayout Node = new() { Directories = [new HostMount("/var/lib/kubelet/pods/uid", AgentContract.PodDirectory)] };

    [Test]
    public void Every_volume_is_planned_in_order_and_emptyDirs_with_where_the_kubelet_keeps_them()
    {
        var volumes = PodVolumes.Of(
            PodWith(
                new V1Volume { Name = "disk", EmptyDir = new V1EmptyDirVolumeSource() },
                new V1Volume { Name = "mem", EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory" } },
                new V1Volume { Name = "token", Projected = new V1ProjectedVolumeSource() },
                new V1Volume { Name = "password", Secret = new V1SecretVolumeSource { SecretName = "p" } },
                new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "d" } },
                new V1Volume { Name = "node", HostPath = new V1HostPathVolumeSource { Path = "/etc" } }),
            Node);

        volumes.Should().Equal(
            new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~empty-dir/disk" },
            new PlannedVolume { Name = "mem", Kind = "emptyDir", HostPath = "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~empty-dir/mem" },
            new PlannedVolume { Name = "token", Kind = "projected" },
            new PlannedVolume { Name = "password", Kind = "secret" },
            new PlannedVolume { Name = "data", Kind = "persistentVolumeClaim" },
            new PlannedVolume { Name = "node", Kind = "hostPath" });
    }

    [TestCase("Running", false)]
    [TestCase("Succeeded", true)]
    [TestCase("Failed", true)]
    public void Of_a_pod_that_has_ended_the_kubelet_may_have_taken_them_away(string phase, bool isReleased)
    {
        var pod = PodWith(new V1Volume { Name = "disk", EmptyDir = new V1EmptyDirVolumeSource() });
        pod.Status.Phase = phase;

        PodVolumes.Of(pod, Node).Single().IsReleased.Should().Be(isReleased);
    }

    [Test]
    public void A_pod_without_volumes_has_none() => PodVolumes.Of(Given.Target(), Node).Should().BeEmpty();

    private static V1Pod PodWith(params V1Volume[] volumes)
    {
        var pod = Given.Target();
        pod.Spec.Volumes = volumes;
        return pod;
    }
}
