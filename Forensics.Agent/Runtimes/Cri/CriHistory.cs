using System.Text;
using System.Text.Json;
using Google.Protobuf.Collections;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>The history in an image's configuration, which the verbose status of the image has.</summary>
internal static class CriHistory
{
    /// <summary>Null if there is none.</summary>
    public static ReadOnlyMemory<byte>? In(MapField<string, string> info)
    {
        if (!info.TryGetValue("info", out var json)) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var history = document.RootElement.Member("imageSpec").Member("history");
            return history.ValueKind == JsonValueKind.Array ? Encoding.UTF8.GetBytes(history.GetRawText()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
