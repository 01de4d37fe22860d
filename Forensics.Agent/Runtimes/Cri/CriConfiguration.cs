using System.Text.Json;
using Google.Protobuf.Collections;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>The runtime's configuration as its verbose status has it: containerd's as JSON under <c>config</c>.</summary>
internal static class CriConfiguration
{
    /// <summary>Null if it does not say.</summary>
    public static string? StorageDriverIn(MapField<string, string> info)
    {
        if (!info.TryGetValue("config", out var json)) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Member("containerd").Member("snapshotter").Text();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
