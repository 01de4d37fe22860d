using Forensics.Api;
using Forensics.Controller.Checkpoints.Volumes;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Volumes;

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
            Node,
            [],
            Given.NoClaims);

        volumes.Should().Equal(
            new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~empty-dir/disk" },
            new PlannedVolume { Name = "mem", Kind = "emptyDir", HostPath = "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~empty-dir/mem", IsInMemory = true },
            new PlannedVolume { Name = "token", Kind = "projected" },
            new PlannedVolume { Name = "password", Kind = "secret" },
            new PlannedVolume { Name = "data", Kind = "persistentVolumeClaim" },
            new PlannedVolume { Name = "node", Kind = "hostPath" });
    }

    [TestCase(null, false)]
    [TestCase("", false)]
    [TestCase("Memory", true)]
    [TestCase("HugePages-2Mi", true)]
    public void An_emptyDir_with_a_medium_is_in_memory(string? medium, bool isInMemory) =>
        PodVolumes.Of(PodWith(new V1Volume { Name = "v", EmptyDir = new V1EmptyDirVolumeSource { Medium = medium } }), Node, [], Given.NoClaims)
            .Single().IsInMemory.Should().Be(isInMemory);

    [TestCase("Running", false)]
    [TestCase("Succeeded", true)]
    [TestCase("Failed", true)]
    public void Of_a_pod_that_has_ended_the_kubelet_may_have_taken_them_away(string phase, bool isReleased)
    {
        var pod = PodWith(new V1Volume { Name = "disk", EmptyDir = new V1EmptyDirVolumeSource() });
        pod.Status.Phase = phase;

        PodVolumes.Of(pod, Node, [], Given.NoClaims).Single().IsReleased.Should().Be(isReleased);
    }

    [Test]
    public void A_pod_without_volumes_has_none() => PodVolumes.Of(Given.Target(), Node, [], Given.NoClaims).Should().BeEmpty();

    [Test]
    public void What_is_asked_for_is_planned_with_where_its_plugin_keeps_it_and_what_is_not_is_only_listed()
    {
        var pod = PodWith(
            new V1Volume { Name = "logs", HostPath = new V1HostPathVolumeSource { Path = "/var/log/app/" } },
            new V1Volume { Name = "other", HostPath = new V1HostPathVolumeSource { Path = "/etc" } },
            ClaimOf("disk"),
            ClaimOf("share"),
            ClaimOf("local"),
            ClaimOf("node"));
        var claimed = new Dictionary<string, V1PersistentVolume>
        {
            ["disk"] = Bound(new V1PersistentVolumeSpec { Csi = new V1CSIPersistentVolumeSource() }),
            ["share"] = Bound(new V1PersistentVolumeSpec { Nfs = new V1NFSVolumeSource() }),
            ["local"] = Bound(new V1PersistentVolumeSpec { Local = new V1LocalVolumeSource { Path = "/mnt/disk" } }),
            ["node"] = Bound(new V1PersistentVolumeSpec { HostPath = new V1HostPathVolumeSource { Path = "/srv/data" } }),
        };

        var volumes = PodVolumes.Of(pod, Node, ["logs", "disk", "share", "local", "node"], claimed);

        volumes.Select(volume => volume.HostPath).Should().Equal(
            "/var/log/app",
            null,
            "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~csi/pv-1/mount",
            "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~nfs/pv-1",
            "/var/lib/kubelet/pods/uid/volumes/kubernetes.io~local-volume/pv-1",
            "/srv/data");
        PodVolumes.MountsFor(volumes, Node).Should().Equal(
            new HostMount("/var/log/app", AgentContract.HostDirectory + "/volume-0"), new HostMount("/srv/data", AgentContract.HostDirectory + "/volume-1"));
    }

    private static V1Volume ClaimOf(string name) =>
        new() { Name = name, PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = name + "-claim" } };

    private static V1PersistentVolume Bound(V1PersistentVolumeSpec spec) => new() { Metadata = new V1ObjectMeta { Name = "pv-1" }, Spec = spec };

    private static V1Pod PodWith(params V1Volume[] volumes)
    {
        var pod = Given.Target();
        pod.Spec.Volumes = volumes;
        return pod;
    }
}
