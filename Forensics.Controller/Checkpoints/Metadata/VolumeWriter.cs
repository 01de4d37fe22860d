using k8s.Models;

namespace Forensics.Controller.Checkpoints.Metadata;

/// <summary>Describes a volume in one line: where its content comes from. The YAML has the rest.</summary>
internal static class VolumeWriter
{
    public static string Line(V1Volume volume) => $"{volume.Name}: {Source(volume)}";

    private static string Source(V1Volume volume) => volume switch
    {
        { HostPath: { } host } => $"HostPath {host.Path} ({(string.IsNullOrEmpty(host.Type) ? "untyped" : host.Type)})",
        { EmptyDir: { } empty } => $"EmptyDir {empty.Medium}".TrimEnd(),
        { Secret: { } secret } => $"Secret {secret.SecretName}",
        { ConfigMap: { } map } => $"ConfigMap {map.Name}",
        { PersistentVolumeClaim: { } claim } => $"PersistentVolumeClaim {claim.ClaimName}",
        { Projected: { } projected } => $"Projected ({projected.Sources?.Count ?? 0} sources)",
        { Csi: { } csi } => $"CSI {csi.Driver}",
        { Nfs: { } nfs } => $"NFS {nfs.Server}:{nfs.Path}",
        { DownwardAPI: not null } => "DownwardAPI",
        _ => "another kind (see the YAML)",
    };
}
