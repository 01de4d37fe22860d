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
            IsSandbox = Labels(config).GetValueOrDefault(KubernetesLabels.DockerType) == KubernetesLabels.SandboxType,
        };
    }

    private static Dictionary<string, string> Labels(JsonElement config) =>
        config.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.ToString())
            : [];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
