using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Forensics.Controller.Informers;

/// <summary>Reads lists, watch events and Status objects as UTF-8, with no string or document in between. The order of
/// properties is the server's business: every one is found wherever it stands.</summary>
internal static class WireJson
{
    public static ResourceList<T> ReadList<T>(ReadOnlySpan<byte> body, ResourceType<T> type)
    {
        var items = new List<T>();
        var resourceVersion = "";
        var reader = new Utf8JsonReader(body);
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                resourceVersion = ReadResourceVersion(ref reader);
            }
            else if (reader.ValueTextEquals("items"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(type.Decode(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }

        if (resourceVersion.Length == 0) throw new JsonException($"The list of {type} has no resourceVersion.");
        return new ResourceList<T>(items, resourceVersion);
    }

    /// <exception cref="ApiStatusException">The event is of type ERROR: the server ends the stream that way.</exception>
    public static WatchEvent<T> ReadEvent<T>(in ReadOnlySequence<byte> line, ResourceType<T> type)
    {
        string? name = null;
        Utf8JsonReader body = default; // A copy that stands on the object; decoded once the type is known.
        var reader = new Utf8JsonReader(line);
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                name = reader.GetString();
                continue;
            }

            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isObject) body = reader;
            reader.Skip();
        }

        if (body.TokenType != JsonTokenType.StartObject) throw new JsonException("The watch event has no object.");
        return name switch
        {
            "ADDED" => Changed(WatchEventType.Added, ref body, type),
            "MODIFIED" => Changed(WatchEventType.Modified, ref body, type),
            "DELETED" => Changed(WatchEventType.Deleted, ref body, type),
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
            var reader = new Utf8JsonReader(body);
            Expect(ref reader, JsonTokenType.StartObject);
            return ReadStatus(ref reader, httpCode);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]);
            return new ApiStatusException(httpCode, "", text.ReplaceLineEndings(" ").Trim());
        }
    }

    private static ApiStatusException ReadStatus(ref Utf8JsonReader reader, int code)
    {
        string reason = "", message = "";
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("code"u8) && reader.Read()) code = reader.GetInt32();
            else if (reader.ValueTextEquals("reason"u8) && reader.Read()) reason = reader.GetString() ?? "";
            else if (reader.ValueTextEquals("message"u8) && reader.Read()) message = reader.GetString() ?? "";
            else reader.Skip();
        }

        return new ApiStatusException(code, reason, message);
    }

    private static WatchEvent<T> Changed<T>(WatchEventType kind, ref Utf8JsonReader body, ResourceType<T> type)
    {
        var changed = type.Decode(ref body);
        return new WatchEvent<T>(kind, changed, type.ResourceVersionOf(changed));
    }

    private static string ReadBookmark(ref Utf8JsonReader reader)
    {
        var resourceVersion = "";
        while (NextProperty(ref reader))
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata) resourceVersion = ReadResourceVersion(ref reader);
            else reader.Skip();
        }

        return resourceVersion;
    }

    private static string ReadResourceVersion(ref Utf8JsonReader reader)
    {
        var resourceVersion = "";
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("resourceVersion"u8) && reader.Read()) resourceVersion = reader.GetString() ?? "";
            else reader.Skip();
        }

        return resourceVersion;
    }

    // False at the end of the object that the reader is in.
    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token) throw new JsonException("The API server's answer is not a JSON object.");
    }
}
