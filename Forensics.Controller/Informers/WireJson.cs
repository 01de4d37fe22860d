using System.Buffers;
using System.Text;
using System.Text.Json;
using Forensics.Controller.Informers.Decoding;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers;

/// <summary>Reads watch events and Status objects as UTF-8, with no string or document in between. The order of
/// properties is the server's business: every one is found wherever it stands.</summary>
internal static class WireJson
{
    // The reader's own limit of 64 is less than what objects may have.
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 1024 };

    public static Utf8JsonReader ReaderOf(ReadOnlySequence<byte> json) =>
        json.IsSingleSegment ? new Utf8JsonReader(json.FirstSpan, Options) : new Utf8JsonReader(json, Options);

    /// <exception cref="ApiStatusException">The event is of type ERROR: the server ends the stream that way.</exception>
    public static WatchEvent<T> ReadEvent<T>(in ReadOnlySequence<byte> line, ResourceType<T> type, SharedStrings shared)
    {
        string? name = null;
        WatchEvent<T>? change = null;
        Utf8JsonReader body = default; // A copy that stands before the object, for servers that say its type afterwards.
        var reader = ReaderOf(line);
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                name = Text(ref reader, shared);
            }
            else if (!reader.ValueTextEquals("object"u8))
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

    private static WatchEvent<T> ReadEvent<T>(string name, ref Utf8JsonReader body, ResourceType<T> type, SharedStrings shared)
    {
        if (body.TokenType != JsonTokenType.PropertyName || !EnterObject(ref body)) throw new JsonException("The watch event has no object.");
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
            var reader = new Utf8JsonReader(body, Options);
            Expect(ref reader, JsonTokenType.StartObject);
            return ReadStatus(ref reader, httpCode);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]);
            return new ApiStatusException(httpCode, "", text.ReplaceLineEndings(" ").Trim());
        }
    }

    private static ApiStatusException ReadStatus(ref Utf8JsonReader reader, int httpCode)
    {
        int? code = null;
        string? reason = null, message = null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("code"u8)) code = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("reason"u8)) reason = Text(ref reader);
            else if (reader.ValueTextEquals("message"u8)) message = Text(ref reader);
            else reader.Skip();
        }

        return new ApiStatusException(code ?? httpCode, reason ?? "", message ?? "");
    }

    private static WatchEvent<T> Changed<T>(WatchEventType kind, ref Utf8JsonReader body, ResourceType<T> type, SharedStrings shared)
    {
        var changed = type.Decode(ref body, shared);
        return new WatchEvent<T>(kind, changed, type.ResourceVersionOf(changed));
    }

    private static string ReadBookmark(ref Utf8JsonReader reader)
    {
        var resourceVersion = "";
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8)) resourceVersion = ReadResourceVersion(ref reader);
            else reader.Skip();
        }

        return resourceVersion;
    }

    private static string ReadResourceVersion(ref Utf8JsonReader reader)
    {
        string? resourceVersion = null;
        if (!EnterObject(ref reader)) return "";
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("resourceVersion"u8)) resourceVersion = Text(ref reader);
            else reader.Skip();
        }

        return resourceVersion ?? "";
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token) throw new JsonException("The API server's answer is not a JSON object.");
    }
}
