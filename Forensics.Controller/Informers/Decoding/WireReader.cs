using System.Text;
using System.Text.Json;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Moves through one object of JSON that others wrote, and takes single values from it. What is null, of another type than
/// expected or out of range counts as not there: one odd object must not keep all others from being seen. It is .NET's reader but
/// for what is not read: that is passed by its brackets.</summary>
internal ref struct WireReader
{
    // The reader's own limit of 64 is less than what objects may have.
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 1024 };

    // What _reader was given: the object, or what of it came after the last piece that was passed.
    private ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    /// <summary>Stands on the first token.</summary>
    /// <exception cref="JsonException">There is none.</exception>
    public WireReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, Options);
        _reader.Read();
    }

    public readonly JsonTokenType TokenType => _reader.TokenType;

    /// <summary>Is this the name of the property that the reader stands on?</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    /// <inheritdoc cref="Is(ReadOnlySpan{byte})"/>
    public readonly bool Is(string name) => _reader.ValueTextEquals(name);

    /// <summary>Goes to the next property of the object that the reader is in. False at the object's end.</summary>
    public bool NextProperty() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>From a property's name into its object. False, and past the value, if it is none.</summary>
    public bool EnterObject() => Take(JsonTokenType.StartObject);

    /// <summary>From a property's name into its array. False, and past the value, if it is none.</summary>
    public bool EnterArray() => Take(JsonTokenType.StartArray);

    /// <summary>From a property's name past its value: is it an object?</summary>
    public bool IsObject()
    {
        _reader.Read();
        var isObject = _reader.TokenType == JsonTokenType.StartObject;
        Skip();
        return isObject;
    }

    /// <summary>Goes into the next object of the array that the reader is in, past whatever is none. False at the array's end.</summary>
    public bool NextObject()
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject) return true;
            Skip();
        }

        return false;
    }

    /// <summary>From a property's name past its array; what is no text in it is left out.</summary>
    /// <returns>Null if it is no array.</returns>
    public IReadOnlyList<string>? Texts(SharedStrings shared)
    {
        if (!EnterArray()) return null;
        var texts = new List<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.String) texts.Add(Current(shared));
            else Skip();
        }

        return texts;
    }

    /// <summary>From a property's name past its value.</summary>
    /// <returns>Null if it is no text.</returns>
    public string? Text()
    {
        if (!Take(JsonTokenType.String)) return null;
        try
        {
            return _reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Repaired();
        }
    }

    /// <summary>The same, for texts that come often.</summary>
    public string? Text(SharedStrings shared) => Take(JsonTokenType.String) ? Current(shared) : null;

    /// <summary>From a property's name past its value.</summary>
    /// <returns>Null if it is no whole number that fits.</returns>
    public long? Integer() => Take(JsonTokenType.Number) && _reader.TryGetInt64(out var number) ? number : null;

    /// <inheritdoc cref="Integer"/>
    public int? SmallInteger() => Take(JsonTokenType.Number) && _reader.TryGetInt32(out var number) ? number : null;

    /// <summary>From a property's name past its value.</summary>
    /// <returns>Null if it is no RFC 3339 time.</returns>
    public DateTimeOffset? Time() => Take(JsonTokenType.String) && _reader.TryGetDateTimeOffset(out var time) ? time : null;

    /// <summary>Past the value that the reader stands on or before: from an opening bracket to its end, from a property's name past its value.</summary>
    /// <exception cref="JsonException">It has no end.</exception>
    public void Skip()
    {
        if (_reader.TokenType == JsonTokenType.PropertyName) _reader.Read();
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) Leave();
    }

    /// <summary>To the end of the object or array that the reader is in, past all that is still to come of it. It stands on the
    /// opening bracket or on a value.</summary>
    /// <exception cref="JsonException">It has no end.</exception>
    public void Leave()
    {
        // A reader that goes on where the closing bracket is, and knows what it was in: to it what lies between is not there.
        var rest = _json[(int)_reader.BytesConsumed..];
        var end = new EndFinder().FindIn(rest);
        if (end < 0) throw new JsonException("The API server's JSON is cut off.");
        _json = rest[end..];
        _reader = new Utf8JsonReader(_json, isFinalBlock: true, _reader.CurrentState);
        _reader.Read();
    }

    private string Current(SharedStrings shared)
    {
        try
        {
            return shared.Read(ref _reader);
        }
        catch (InvalidOperationException)
        {
            return Repaired();
        }
    }

    // From a property's name to its value; past it if it is of another kind.
    private bool Take(JsonTokenType kind)
    {
        _reader.Read();
        if (_reader.TokenType == kind) return true;
        Skip();
        return false;
    }

    // No UTF-8, or half of a surrogate pair: as far as it can be read, and escapes as they stand.
    private readonly string Repaired() => Encoding.UTF8.GetString(_reader.ValueSpan);
}
