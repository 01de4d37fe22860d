using System.Globalization;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Metadata;

/// <summary>Describes containers for <see cref="DescribeWriter"/>.</summary>
internal static class ContainerWriter
{
    internal sealed record Described(V1Container Spec, V1ContainerStatus? Status);

    public static IEnumerable<(string Title, IReadOnlyList<Described> Containers)> GroupsOf(V1Pod pod)
    {
        yield return ("Init Containers", Join(pod.Spec.InitContainers, pod.Status?.InitContainerStatuses));
        yield return ("Containers", Join(pod.Spec.Containers, pod.Status?.ContainerStatuses));
        yield return ("Ephemeral Containers", Join(pod.Spec.EphemeralContainers?.Select(AsContainer), pod.Status?.EphemeralContainerStatuses));
    }

    public static void Write(IndentedText text, string title, IReadOnlyList<Described> containers)
    {
        if (containers.Count == 0) return;
        text.Section(title, section =>
        {
            foreach (var container in containers) section.Section(container.Spec.Name, body => One(body, container));
        });
    }

    private static void One(IndentedText text, Described container)
    {
        var (spec, status) = (container.Spec, container.Status);
        text.Field("Container ID", status?.ContainerID)
            .Field("Image", spec.Image)
            .Field("Image ID", status?.ImageID)
            .Items("Ports", (spec.Ports ?? []).Select(p => $"{p.ContainerPort}/{p.Protocol} (host port {p.HostPort ?? 0})"))
            .Items("Command", spec.Command ?? [])
            .Items("Args", spec.Args ?? [])
            .Field("State", State(status?.State))
            .Field("Last State", State(status?.LastState))
            .Field("Ready", status?.Ready == true ? "true" : "false")
            .Field("Restart Count", (status?.RestartCount ?? 0).ToString(CultureInfo.InvariantCulture))
            .Field("Privileged", spec.SecurityContext?.Privileged == true ? "true" : "false")
            .Items("Environment From", (spec.EnvFrom ?? []).Select(e => e.SecretRef is { } s ? $"Secret {s.Name}" : $"ConfigMap {e.ConfigMapRef?.Name}"))
            .Items("Environment Names", (spec.Env ?? []).Select(e => e.Name))
            .Items("Mounts", (spec.VolumeMounts ?? []).Select(m => $"{m.MountPath} from {m.Name} ({(m.ReadOnlyProperty == true ? "ro" : "rw")})"));
    }

    private static string? State(V1ContainerState? state) => state switch
    {
        { Running: { } running } => $"Running since {DescribeWriter.Time(running.StartedAt)}",
        { Waiting: { } waiting } => $"Waiting: {waiting.Reason} {waiting.Message}".TrimEnd(),
        { Terminated: { } end } => $"Terminated: {end.Reason}, exit code {end.ExitCode}, signal {end.Signal ?? 0}, "
            + $"{DescribeWriter.Time(end.StartedAt)} to {DescribeWriter.Time(end.FinishedAt)} {end.Message}".TrimEnd(),
        _ => null,
    };

    private static List<Described> Join(IEnumerable<V1Container>? specs, IEnumerable<V1ContainerStatus>? statuses)
    {
        var byName = PodContainers.ByName(statuses);
        return [.. (specs ?? []).Select(spec => new Described(spec, byName.GetValueOrDefault(spec.Name)))];
    }

    private static V1Container AsContainer(V1EphemeralContainer container) => new()
    {
        Name = container.Name,
        Image = container.Image,
        Command = container.Command,
        Args = container.Args,
        Ports = container.Ports,
        Env = container.Env,
        EnvFrom = container.EnvFrom,
        VolumeMounts = container.VolumeMounts,
        SecurityContext = container.SecurityContext,
    };
}
