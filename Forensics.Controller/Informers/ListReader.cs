using System.Buffers;
using System.Text.Json;
using Forensics.Controller.Informers.Decoding;
using static Forensics.Controller.Informers.Decoding.JsonValues;

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

    private JsonReaderState _state = new(WireJson.Options);
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
        var reader = new Utf8JsonReader(buffer, isAll, _state);
        var whole = reader;
        while (TryStep(ref reader, buffer)) whole = reader;
        _state = whole.CurrentState;
        if (isAll && ResourceVersion.Length == 0) throw new JsonException($"The list of {type} has no resourceVersion.");
        return whole.Position;
    }

    // False where the buffer ends too early, or the list ends.
    private bool TryStep(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read()) return false;
        return (_place, reader.TokenType) switch
        {
            (Place.Outside, JsonTokenType.StartObject) => Go(Place.List),
            (Place.List, JsonTokenType.PropertyName) when reader.ValueTextEquals("items"u8) => TryEnterItems(ref reader),
            (Place.List, JsonTokenType.PropertyName) when reader.ValueTextEquals("metadata"u8) => TryReadMetadata(ref reader, buffer),
            (Place.List, JsonTokenType.PropertyName) => reader.TrySkip(),
            (Place.List, JsonTokenType.EndObject) => Go(Place.Outside),
            (Place.Items, JsonTokenType.EndArray) => Go(Place.List),
            (Place.Items, JsonTokenType.StartObject) => TryReadItem(ref reader, buffer),
            (Place.Items, _) => reader.TrySkip(),
            _ => throw new JsonException("The API server's answer is no list."),
        };
    }

    private bool TryEnterItems(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        return reader.TokenType == JsonTokenType.StartArray ? Go(Place.Items) : reader.TrySkip(); // Null if there is none.
    }

    private bool TryReadItem(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!TryTakeValue(ref reader, buffer, out var item)) return false;
        items.Add(type.Decode(ref item, shared));
        return true;
    }

    private bool TryReadMetadata(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read() || !TryTakeValue(ref reader, buffer, out var metadata)) return false;
        if (metadata.TokenType != JsonTokenType.StartObject) return true;
        while (NextProperty(ref metadata))
        {
            if (metadata.ValueTextEquals("resourceVersion"u8)) ResourceVersion = Text(ref metadata) ?? "";
            else if (metadata.ValueTextEquals("continue"u8)) Continue = Text(ref metadata) ?? "";
            else metadata.Skip();
        }

        return true;
    }

    // A reader of its own for the value that the reader stands on: a decoder must not meet the buffer's end.
    private static bool TryTakeValue(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer, out Utf8JsonReader value)
    {
        var start = reader.TokenStartIndex;
        value = default;
        if (!reader.TrySkip()) return false;
        value = WireJson.ReaderOf(buffer.Slice(start, reader.BytesConsumed - start));
        return value.Read();
    }

    private bool Go(Place place)
    {
        _place = place;
        return true;
    }
}
