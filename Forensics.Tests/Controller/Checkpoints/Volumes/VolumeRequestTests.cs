using Forensics.Api;
using Forensics.Controller.Checkpoints.Volumes;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Volumes;

internal sealed class VolumeRequestTests
{
    private const string PodsFolder = "/var/lib/kubelet/pods";

    [TestCase("disk")]
    [TestCase("logs")]
    [TestCase("data")]
    [TestCase("scratch")]
    [TestCase("beside")]
    public void What_holds_files_may_be_asked_for(string name) =>
        VolumeRequest.TroubleWith(Pod(), [name], new Dictionary<string, V1PersistentVolume> { ["data"] = Csi(), ["scratch"] = Csi() }, PodsFolder).Should().BeNull();

    [TestCase("nothing", "*'nothing'*no such volume; it has: disk, *")]
    [TestCase("password", "*'password'*of the kind secret*it may name persistentVolumeClaim, ephemeral, hostPath.*")]
    [TestCase("token", "*'token'*of the kind projected*")]
    [TestCase("settings", "*'settings'*of the kind configMap*")]
    [TestCase("store", "*'store'*of the kind csi*")]
    [TestCase("socket", "*'socket'*a Socket, and only a directory*")]
    [TestCase("root", "*'root'*all of the node*")]
    [TestCase("kubelet", "*'kubelet'*there the kubelet keeps Secrets*")]
    [TestCase("all-pods", "*'all-pods'*the volumes of all pods*")]
    [TestCase("state", "*'state'*the volumes of all pods*")]
    [TestCase("neighbour", "*'neighbour'*the volumes of all pods*")]
    [TestCase("data", "*'data'*PersistentVolumeClaim is not there or not bound*")]
    public void What_cannot_or_must_not_be_read_is_refused_by_name(string name, string message)
    {
        var trouble = VolumeRequest.TroubleWith(Pod(), ["disk", name], Given.NoClaims, PodsFolder)!;

        trouble.Reason.Should().Be(Reasons.InvalidSpec);
        trouble.Message.Should().Match(message).And.EndWith("Nothing was read. Delete the PodCheckpoint and apply it again without that volume.");
    }

    [Test]
    public void A_block_device_and_an_unknown_kind_of_storage_are_refused()
    {
        var block = Csi();
        block.Spec.VolumeMode = "Block";
        var unknown = new V1PersistentVolume { Metadata = new V1ObjectMeta { Name = "pv-1" }, Spec = new V1PersistentVolumeSpec { Flocker = new V1FlockerVolumeSource() } };

        Of(block).Should().Contain("'pv-1' is a block device");
        Of(unknown).Should().Contain("'pv-1' is of a kind that cannot be captured; csi, local, nfs and hostPath can.");

        static string Of(V1PersistentVolume volume) =>
            VolumeRequest.TroubleWith(Pod(), ["data"], new Dictionary<string, V1PersistentVolume> { ["data"] = volume }, PodsFolder)!.Message;
    }

    [Test]
    public void Claims_are_looked_up_only_for_what_is_asked_and_an_ephemeral_ones_is_named_after_its_pod() =>
        VolumeRequest.ClaimsOf(Pod(), ["data", "scratch", "logs"]).Should().Equal(("data", "data-claim"), ("scratch", $"{Given.Target().Metadata.Name}-scratch"));

    private static V1PersistentVolume Csi() => new()
    {
        Metadata = new V1ObjectMeta { Name = "pv-1" },
        Spec = new V1PersistentVolumeSpec { Csi = new V1CSIPersistentVolumeSource() },
    };

    private static V1Pod Pod()
    {
        var pod = Given.Target();
        pod.Spec.Volumes =
        [
            new V1Volume { Name = "disk", EmptyDir = new V1EmptyDirVolumeSource() },
            new V1Volume { Name = "logs", HostPath = new V1HostPathVolumeSource { Path = "/var/log/app", Type = "DirectoryOrCreate" } },
            new V1Volume { Name = "socket", HostPath = new V1HostPathVolumeSource { Path = "/run/some.sock", Type = "Socket" } },
            new V1Volume { Name = "root", HostPath = new V1HostPathVolumeSource { Path = "/" } },
            new V1Volume { Name = "kubelet", HostPath = new V1HostPathVolumeSource { Path = "/var/lib/kubelet/pods/other/volumes/kubernetes.io~secret/token" } },
            new V1Volume { Name = "all-pods", HostPath = new V1HostPathVolumeSource { Path = "/var/lib/kubelet/" } },
            new V1Volume { Name = "state", HostPath = new V1HostPathVolumeSource { Path = "/var/lib" } },
            new V1Volume { Name = "neighbour", HostPath = new V1HostPathVolumeSource { Path = "/var/lib/kubelet/pods/other/volumes/kubernetes.io~configmap/settings" } },
            new V1Volume { Name = "beside", HostPath = new V1HostPathVolumeSource { Path = "/var/lib/kubelet-of-another" } },
            new V1Volume { Name = "password", Secret = new V1SecretVolumeSource { SecretName = "p" } },
            new V1Volume { Name = "token", Projected = new V1ProjectedVolumeSource() },
            new V1Volume { Name = "settings", ConfigMap = new V1ConfigMapVolumeSource { Name = "s" } },
            new V1Volume { Name = "store", Csi = new V1CSIVolumeSource { Driver = "secrets-store.csi.k8s.io" } },
            new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "data-claim" } },
            new V1Volume { Name = "scratch", Ephemeral = new V1EphemeralVolumeSource() },
        ];
        return pod;
    }
}
