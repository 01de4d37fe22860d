using System.Text.Json;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Picks the few fields that the capture needs out of GET /containers/ID/json.</summary>
internal static class DockerInspect
{
    /// <summary>Throws JsonException, KeyNotFoundException or InvalidOperationException on another shape.</summary>
    public static InspectedContainer Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var config = root.GetProperty("Config");
        return new InspectedContainer
        {
            Json = json,
            Printed = (byte[])[(byte)'[', .. json.Span, (byte)']', (byte)'\n'],
            Id = root.GetProperty("Id").GetString()!,
            Name = Text(root, "Name")?.TrimStart('/') ?? "",
            Image = Text(config, "Image"),
            ImageId = Text(root, "Image"),
            HasTerminal = config.TryGetProperty("Tty", out var tty) && tty.ValueKind == JsonValueKind.True,
            LogDriver = root.TryGetProperty("HostConfig", out var host) && host.ValueKind == JsonValueKind.Object
                && host.TryGetProperty("LogConfig", out var log) && log.ValueKind == JsonValueKind.Object ? Text(log, "Type") : null,
            Labels = Labels(config),
            SharedMemory = SharedMemoryOf(root),
            UserNamespace = DockerUserNamespace.In(root),
            IsSandbox = Labels(config).GetValueOrDefault(KubernetesLabels.DockerType) == KubernetesLabels.SandboxType,
        };
    }

    /// <summary>Docker keeps it beside the files that it makes for the container, or for the one whose IPC it joins; that of a
    /// container with private IPC is a tmpfs inside of it.</summary>
    private static string? SharedMemoryOf(JsonElement root)
    {
        if (Path.GetDirectoryName(root.Member("ResolvConfPath").Text()) is not { Length: > 1 } folder) return null;
        var isShared = root.Member("HostConfig").Member("IpcMode").Text() is { } mode
            && (mode == "shareable" || mode.StartsWith("container:", StringComparison.Ordinal));
        return isShared ? $"{folder}/mounts/shm" : null;
    }

    private static Dictionary<string, string> Labels(JsonElement config) =>
        config.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.ToString())
            : [];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
