using Forensics.Api;
using k8s;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Volumes;

/// <summary>Reads the volumes of a target pod: which are captured, and where on the node their content is.</summary>
internal static class PodVolumes
{
    public const string EmptyDir = "emptyDir";

    /// <param name="node">Whose directories name the pod's folder.</param>
    /// <param name="asked">Names of those that are captured because the PodCheckpoint says so, each of them checked.</param>
    /// <param name="claimed">By the volume's name: what its claim is bound to.</param>
    public static IReadOnlyList<PlannedVolume> Of(
        V1Pod pod, NodeLayout node, IReadOnlyCollection<string> asked, IReadOnlyDictionary<string, V1PersistentVolume> claimed)
    {
        var folder = node.Directories.FirstOrDefault(directory => directory.Path == AgentContract.PodDirectory)?.HostPath;
        var hasEnded = pod.Status?.Phase is "Succeeded" or "Failed";
        return [.. (pod.Spec?.Volumes ?? []).Select(volume => new PlannedVolume
        {
            Name = volume.Name,
            Kind = KindOf(volume),
            HostPath = volume.EmptyDir is not null ? Below(folder, $"kubernetes.io~empty-dir/{volume.Name}")
                : !asked.Contains(volume.Name) ? null
                : volume.HostPath is { } directory ? Plain(directory.Path)
                : Below(folder, claimed[volume.Name]),
            IsInMemory = !string.IsNullOrEmpty(volume.EmptyDir?.Medium), // Memory or huge pages; without one it is the node's disk.
            IsReleased = hasEnded,
        })];
    }

    /// <summary>What the agent must be given beside the node's directories, so that it finds the volumes.</summary>
    public static IEnumerable<HostMount> MountsFor(IEnumerable<PlannedVolume> volumes, NodeLayout node) => volumes
        .Select(volume => volume.HostPath)
        .OfType<string>()
        .Where(path => !node.Directories.Any(directory => path.StartsWith(directory.HostPath + "/", StringComparison.Ordinal)))
        .Distinct(StringComparer.Ordinal)
        .Select((path, index) => new HostMount(path, $"{AgentContract.HostDirectory}/volume-{index}"));

    /// <summary>A volume has one field beside its name, by which it is what it is; without any it is an emptyDir.</summary>
    public static string KindOf(V1Volume volume)
    {
        using var json = System.Text.Json.JsonDocument.Parse(KubernetesJson.Serialize(volume));
        return json.RootElement.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => name != "name") ?? EmptyDir;
    }

    /// <summary>Below the folder that the kubelet has for the pod, as its plugins name them.</summary>
    private static string? Below(string? folder, V1PersistentVolume volume) => volume.Spec switch
    {
        { HostPath: { } directory } => Plain(directory.Path),
        { Local: not null } => Below(folder, $"kubernetes.io~local-volume/{volume.Metadata.Name}"),
        { Nfs: not null } => Below(folder, $"kubernetes.io~nfs/{volume.Metadata.Name}"),
        { Csi: not null } => Below(folder, $"kubernetes.io~csi/{volume.Metadata.Name}/mount"),
        _ => null,
    };

    private static string? Below(string? folder, string path) => folder is null ? null : $"{folder}/volumes/{path}";

    private static string Plain(string path) => path.TrimEnd('/');
}
