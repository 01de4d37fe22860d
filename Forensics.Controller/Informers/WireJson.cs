using System.Text;
using System.Text.Json;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Controller.Informers;

/// <summary>Reads watch events and Status objects as UTF-8, with no string or document in between. The order of
/// properties is the server's business: every one is found wherever it stands.</summary>
internal static class WireJson
{
    /// <exception cref="ApiStatusException">The event is of type ERROR: the server ends the stream that way.</exception>
    public static WatchEvent<T> ReadEvent<T>(ReadOnlySpan<byte> line, ResourceType<T> type, SharedStrings shared)
    {
        string? name = null;
        WatchEvent<T>? change = null;
        WireReader body = default; // A copy that stands before the object, for servers that say its type afterwards.
        var reader = ObjectOf(line);
        while (reader.NextProperty())
        {
            if (reader.Is("type"u8))
            {
                name = reader.Text(shared);
            }
            else if (!reader.Is("object"u8))
            {
                reader.Skip();
            }
            else if (name is not null)
            {
                change = ReadEvent(name, ref reader, type, shared);
            }
            else
            {
                body = reader;
                reader.Skip();
            }
        }

        return change ?? ReadEvent(name ?? "", ref body, type, shared);
    }

    private static WatchEvent<T> ReadEvent<T>(string name, ref WireReader body, ResourceType<T> type, SharedStrings shared)
    {
        if (body.TokenType != JsonTokenType.PropertyName || !body.EnterObject()) throw new JsonException("The watch event has no object.");
        return name switch
        {
            "ADDED" => Changed(WatchEventType.Added, ref body, type, shared),
            "MODIFIED" => Changed(WatchEventType.Modified, ref body, type, shared),
            "DELETED" => Changed(WatchEventType.Deleted, ref body, type, shared),
            "BOOKMARK" => new WatchEvent<T>(WatchEventType.Bookmark, default, ReadBookmark(ref body)),
            "ERROR" => throw ReadStatus(ref body, StatusCodes.Status500InternalServerError),
            _ => throw new JsonException($"The watch event has the unknown type '{name}'."),
        };
    }

    /// <summary>The Status in an HTTP answer; what is none (a proxy's page, say) becomes one with its first characters as message.</summary>
    public static ApiStatusException ReadStatus(ReadOnlySpan<byte> body, int httpCode)
    {
        try
        {
            var reader = ObjectOf(body);
            return ReadStatus(ref reader, httpCode);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]);
            return new ApiStatusException(httpCode, "", text.ReplaceLineEndings(" ").Trim());
        }
    }

    private static ApiStatusException ReadStatus(ref WireReader reader, int httpCode)
    {
        int? code = null;
        string? reason = null, message = null;
        while (reader.NextProperty())
        {
            if (reader.Is("code"u8)) code = reader.SmallInteger();
            else if (reader.Is("reason"u8)) reason = reader.Text();
            else if (reader.Is("message"u8)) message = reader.Text();
            else reader.Skip();
        }

        return new ApiStatusException(code ?? httpCode, reason ?? "", message ?? "");
    }

    private static WatchEvent<T> Changed<T>(WatchEventType kind, ref WireReader body, ResourceType<T> type, SharedStrings shared)
    {
        var changed = type.Decode(ref body, shared);
        return new WatchEvent<T>(kind, changed, type.ResourceVersionOf(changed));
    }

    private static string ReadBookmark(ref WireReader reader)
    {
        var resourceVersion = "";
        while (reader.NextProperty())
        {
            if (reader.Is("metadata"u8)) resourceVersion = ReadResourceVersion(ref reader);
            else reader.Skip();
        }

        return resourceVersion;
    }

    private static string ReadResourceVersion(ref WireReader reader)
    {
        string? resourceVersion = null;
        if (!reader.EnterObject()) return "";
        while (reader.NextProperty())
        {
            if (reader.Is("resourceVersion"u8)) resourceVersion = reader.Text();
            else reader.Skip();
        }

        return resourceVersion ?? "";
    }

    private static WireReader ObjectOf(ReadOnlySpan<byte> json)
    {
        var reader = new WireReader(json);
        return reader.TokenType == JsonTokenType.StartObject ? reader : throw new JsonException("The API server's answer is not a JSON object.");
    }
}
