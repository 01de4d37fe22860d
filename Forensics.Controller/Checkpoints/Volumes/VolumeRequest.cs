using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Volumes;

/// <summary>Judges the volumes that a PodCheckpoint asks for by name (spec.volumes): claims, and directories of the node. What holds
/// secrets is never read, whoever asks.</summary>
internal static class VolumeRequest
{
    // As the kubelet names the folders of its plugins.
    private static readonly string[] OfSecrets = ["kubernetes.io~secret", "kubernetes.io~projected"];

    /// <summary>The claims behind the volumes that are asked for, by the volume's name.</summary>
    public static IEnumerable<(string Volume, string Claim)> ClaimsOf(V1Pod pod, IReadOnlyCollection<string> asked) =>
        from volume in Volumes(pod)
        where asked.Contains(volume.Name)
        let claim = volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}")
        where claim is not null
        select (volume.Name, claim);

    /// <param name="claimed">By the volume's name: what its claim is bound to. None for a claim that is not bound.</param>
    /// <param name="podsFolder">Where the pod's kubelet keeps the volumes of all pods.</param>
    /// <returns>Null if all of it can be captured.</returns>
    public static Trouble? TroubleWith(
        V1Pod pod, IReadOnlyCollection<string> asked, IReadOnlyDictionary<string, V1PersistentVolume> claimed, string podsFolder) =>
        asked.Select(name => Complaint(name, pod, claimed, podsFolder)).FirstOrDefault(complaint => complaint is not null) is { } first
            ? new Trouble(Reasons.InvalidSpec, PlainText.Of($"{first} Nothing was read. Delete the PodCheckpoint and apply it again without that volume."))
            : null;

    private static string? Complaint(string name, V1Pod pod, IReadOnlyDictionary<string, V1PersistentVolume> claimed, string podsFolder)
    {
        var volume = Volumes(pod).FirstOrDefault(volume => volume.Name == name);
        if (volume is null)
            return $"spec.volumes names '{name}', and the pod has no such volume; it has: {string.Join(", ", Volumes(pod).Select(other => other.Name))}.";
        if (volume.EmptyDir is not null) return null; // Captured in any case.
        if (volume.HostPath is { } directory) return OfDirectory(name, directory.Path, directory.Type, podsFolder);
        if (PodVolumes.KindOf(volume) is var kind && !PlannedVolume.KindsToAskFor.Contains(kind))
            return $"spec.volumes names '{name}', which is of the kind {kind}; it may name {string.Join(", ", PlannedVolume.KindsToAskFor)}.";
        return claimed.TryGetValue(name, out var bound)
            ? OfVolume(name, bound, podsFolder)
            : $"spec.volumes names '{name}', whose PersistentVolumeClaim is not there or not bound.";
    }

    private static string? OfVolume(string name, V1PersistentVolume volume, string podsFolder)
    {
        var called = $"spec.volumes names '{name}', whose PersistentVolume '{volume.Metadata.Name}'";
        if (volume.Spec.VolumeMode == "Block") return $"{called} is a block device and no file system.";
        if (volume.Spec.HostPath is { } directory) return OfDirectory(name, directory.Path, directory.Type, podsFolder);
        return volume.Spec is { Local: not null } or { Nfs: not null } or { Csi: not null }
            ? null
            : $"{called} is of a kind that cannot be captured; csi, local, nfs and hostPath can.";
    }

    private static string? OfDirectory(string name, string path, string? type, string podsFolder)
    {
        var called = $"spec.volumes names '{name}', which is {path} on the node:";
        if (type is not (null or "" or "Directory" or "DirectoryOrCreate")) return $"{called} a {type}, and only a directory can be captured.";
        if (path.Trim('/').Length == 0) return $"{called} all of the node.";
        if (path.Split('/').Any(OfSecrets.Contains)) return $"{called} there the kubelet keeps Secrets, which are never captured.";
        return IsWithin(path, podsFolder) || IsWithin(podsFolder, path)
            ? $"{called} there the kubelet keeps the volumes of all pods, of which only the pod's own are captured."
            : null;
    }

    private static bool IsWithin(string path, string folder) =>
        (path.TrimEnd('/') + "/").StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static IList<V1Volume> Volumes(V1Pod pod) => pod.Spec?.Volumes ?? [];
}
