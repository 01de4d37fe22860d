using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Reads the containers of a target pod: every one, of every kind.</summary>
internal static class PodContainers
{
    /// <summary>In the pod's order: init and sidecars, regular, ephemeral.</summary>
    public static IReadOnlyList<PlannedContainer> Of(V1Pod pod)
    {
        var statuses = ByName(StatusesOf(pod).Select(s => s.Status));
        var init = (pod.Spec.InitContainers ?? []).Select(c => Planned(c.Name, KindOfInit(c), c.Image, statuses));
        var regular = (pod.Spec.Containers ?? []).Select(c => Planned(c.Name, ContainerKind.Regular, c.Image, statuses));
        var ephemeral = (pod.Spec.EphemeralContainers ?? []).Select(c => Planned(c.Name, ContainerKind.Ephemeral, c.Image, statuses));
        return [.. init, .. regular, .. ephemeral];
    }

    public static IEnumerable<(ContainerKind Kind, V1ContainerStatus Status)> StatusesOf(V1Pod pod) =>
    [
        .. (pod.Status?.InitContainerStatuses ?? []).Select(s => (ContainerKind.Init, s)),
        .. (pod.Status?.ContainerStatuses ?? []).Select(s => (ContainerKind.Regular, s)),
        .. (pod.Status?.EphemeralContainerStatuses ?? []).Select(s => (ContainerKind.Ephemeral, s)),
    ];

    /// <summary>By the container's name. The node writes them, and may name one twice: the first counts.</summary>
    public static Dictionary<string, V1ContainerStatus> ByName(IEnumerable<V1ContainerStatus>? statuses) =>
        (statuses ?? []).DistinctBy(status => status.Name, StringComparer.Ordinal).ToDictionary(status => status.Name, StringComparer.Ordinal);

    /// <summary>docker, containerd or cri-o: the scheme of the container ids; null if no container was ever started.</summary>
    public static string? RuntimeOf(V1Pod pod) => StatusesOf(pod).SelectMany(s => IdsOf(s.Status)).Select(SchemeOf).FirstOrDefault();

    private static ContainerKind KindOfInit(V1Container container) =>
        container.RestartPolicy == "Always" ? ContainerKind.Sidecar : ContainerKind.Init;

    private static PlannedContainer Planned(
        string name, ContainerKind kind, string? image, Dictionary<string, V1ContainerStatus> statuses)
    {
        var status = statuses.GetValueOrDefault(name);
        var ids = status is null ? [] : IdsOf(status).Select(WithoutScheme).Distinct(StringComparer.Ordinal).ToList();
        return new PlannedContainer
        {
            Name = name,
            Kind = kind,
            Id = ids.FirstOrDefault(),
            LastTerminatedId = ids.Skip(1).FirstOrDefault(),
            Image = status?.Image is { Length: > 0 } running ? running : image,
            ImageId = status?.ImageID is { Length: > 0 } imageId ? imageId : null,
        };
    }

    // Newest first. In a crash loop the kubelet shows an exited container in state.terminated or lastState.terminated, and
    // status.containerID may already be empty or name the same one.
    private static IEnumerable<string> IdsOf(V1ContainerStatus status) =>
        new[] { status.ContainerID, status.State?.Terminated?.ContainerID, status.LastState?.Terminated?.ContainerID }
            .Where(id => !string.IsNullOrEmpty(id) && id.Contains("://", StringComparison.Ordinal))
            .Select(id => id!);

    private static string SchemeOf(string id) => id[..id.IndexOf("://", StringComparison.Ordinal)];

    private static string WithoutScheme(string id) => id[(id.IndexOf("://", StringComparison.Ordinal) + 3)..];
}
