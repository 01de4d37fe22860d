using System.Text.Json;

namespace Forensics.Agent.Runtimes;

/// <summary>Reads JSON whose shape nobody promises: what is not there, or is of another kind, is nothing.</summary>
internal static class JsonReading
{
    public static JsonElement Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    /// <summary>Null if it is no text, or an empty one.</summary>
    public static string? Text(this JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
