using System.Buffers;
using System.Text.Json;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Controller.Informers;

/// <summary>Reads a list while it comes in, an object at a time. The order of properties is the server's business.</summary>
/// <param name="items">Where the objects go.</param>
internal sealed class ListReader<T>(ResourceType<T> type, SharedStrings shared, List<T> items)
{
    private enum Place
    {
        Outside,
        List,
        Items,
    }

    private JsonReaderState _state = new(WireReader.Options);
    private Place _place = Place.Outside;

    /// <summary>The version of the whole collection that the list is as of. Known once all was taken.</summary>
    public string ResourceVersion { get; private set; } = "";

    /// <summary>Asks for the next page; empty if this is the last one.</summary>
    public string Continue { get; private set; } = "";

    /// <summary>Takes what is whole. The rest is to be given again, with more behind it.</summary>
    /// <param name="isAll">True if nothing comes after it.</param>
    /// <returns>Where the rest begins.</returns>
    /// <exception cref="JsonException">It is no list, or it was cut off.</exception>
    public SequencePosition Take(in ReadOnlySequence<byte> buffer, bool isAll)
    {
        var rest = buffer;
        var reader = new Utf8JsonReader(rest, isAll, _state);
        var whole = reader;
        while (TryStep(ref reader, ref rest, isAll)) whole = reader;
        _state = whole.CurrentState;
        if (isAll && ResourceVersion.Length == 0) throw new JsonException($"The list of {type} has no resourceVersion.");
        return whole.Position;
    }

    // False where the buffer ends too early, or the list ends.
    private bool TryStep(ref Utf8JsonReader reader, ref ReadOnlySequence<byte> buffer, bool isAll)
    {
        if (!reader.Read()) return false;
        return (_place, reader.TokenType) switch
        {
            (Place.Outside, JsonTokenType.StartObject) => Go(Place.List),
            (Place.List, JsonTokenType.PropertyName) when reader.ValueTextEquals("items"u8) => TryEnterItems(ref reader),
            (Place.List, JsonTokenType.PropertyName) when reader.ValueTextEquals("metadata"u8) => TryReadMetadata(ref reader, ref buffer, isAll),
            (Place.List, JsonTokenType.PropertyName) => reader.TrySkip(),
            (Place.List, JsonTokenType.EndObject) => Go(Place.Outside),
            (Place.Items, JsonTokenType.EndArray) => Go(Place.List),
            (Place.Items, JsonTokenType.StartObject) => TryReadItem(ref reader, ref buffer, isAll),
            (Place.Items, _) => reader.TrySkip(),
            _ => throw new JsonException("The API server's answer is no list."),
        };
    }

    private bool TryEnterItems(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        return reader.TokenType == JsonTokenType.StartArray ? Go(Place.Items) : reader.TrySkip(); // Null if there is none.
    }

    private bool TryReadItem(ref Utf8JsonReader reader, ref ReadOnlySequence<byte> buffer, bool isAll)
    {
        if (!TryTakeObject(ref reader, ref buffer, isAll, out var bytes)) return false;
        using var piece = new OnePiece(bytes);
        var item = new WireReader(piece.Span);
        items.Add(type.Decode(ref item, shared));
        return true;
    }

    private bool TryReadMetadata(ref Utf8JsonReader reader, ref ReadOnlySequence<byte> buffer, bool isAll)
    {
        if (!reader.Read()) return false;
        if (reader.TokenType != JsonTokenType.StartObject) return reader.TrySkip();
        if (!TryTakeObject(ref reader, ref buffer, isAll, out var bytes)) return false;
        using var piece = new OnePiece(bytes);
        var metadata = new WireReader(piece.Span);
        while (metadata.NextProperty())
        {
            if (metadata.Is("resourceVersion"u8)) ResourceVersion = metadata.Text() ?? "";
            else if (metadata.Is("continue"u8)) Continue = metadata.Text() ?? "";
            else metadata.Skip();
        }

        return true;
    }

    // The bytes of the object that the reader stands on the opening brace of: a decoder must not meet the buffer's end. The reader and
    // the buffer go on at the closing brace: to this reader the object is empty.
    private static bool TryTakeObject(ref Utf8JsonReader reader, ref ReadOnlySequence<byte> buffer, bool isAll, out ReadOnlySequence<byte> bytes)
    {
        var inside = buffer.Slice(reader.BytesConsumed);
        bytes = default;
        if (EndOf(inside) is not { } end) return isAll ? throw new JsonException("The list is cut off.") : false;

        bytes = buffer.Slice(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex + end + 1);
        buffer = inside.Slice(end);
        reader = new Utf8JsonReader(buffer, isAll, reader.CurrentState);
        return reader.Read();
    }

    private static long? EndOf(in ReadOnlySequence<byte> inside)
    {
        var (finder, passed) = (new EndFinder(), 0L);
        foreach (var piece in inside)
        {
            if (finder.FindIn(piece.Span) is >= 0 and var found) return passed + found;
            passed += piece.Length;
        }

        return null;
    }

    private bool Go(Place place)
    {
        _place = place;
        return true;
    }
}
