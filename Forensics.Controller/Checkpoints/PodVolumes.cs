using Forensics.Api;
using k8s;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Reads the volumes of a target pod: which are captured, and where the kubelet keeps them.</summary>
internal static class PodVolumes
{
    private const string EmptyDir = "emptyDir";

    /// <param name="node">Whose directories name the pod's folder.</param>
    public static IReadOnlyList<PlannedVolume> Of(V1Pod pod, NodeLayout node)
    {
        var folder = node.Directories.FirstOrDefault(directory => directory.Path == AgentContract.PodDirectory)?.HostPath;
        var hasEnded = pod.Status?.Phase is "Succeeded" or "Failed";
        return [.. (pod.Spec?.Volumes ?? []).Select(volume => new PlannedVolume
        {
            Name = volume.Name,
            Kind = KindOf(volume),
            HostPath = volume.EmptyDir is null || folder is null ? null : $"{folder}/volumes/kubernetes.io~empty-dir/{volume.Name}",
            IsReleased = hasEnded,
        })];
    }

    /// <summary>A volume has one field beside its name, by which it is what it is; without any it is an emptyDir.</summary>
    private static string KindOf(V1Volume volume)
    {
        using var json = System.Text.Json.JsonDocument.Parse(KubernetesJson.Serialize(volume));
        return json.RootElement.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => name != "name") ?? EmptyDir;
    }
}
