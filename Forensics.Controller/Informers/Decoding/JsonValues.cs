using System.Text;
using System.Text.Json;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Moves through JSON that others wrote, and takes single values from it. What is null, of another type than expected or
/// out of range counts as not there: one odd object must not keep all others from being seen.</summary>
internal static class JsonValues
{
    /// <summary>Goes to the next property of the object that the reader is in. False at the object's end.</summary>
    public static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>From a property's name into its object. False, and past the value, if it is none.</summary>
    public static bool EnterObject(ref Utf8JsonReader reader) => Take(ref reader, JsonTokenType.StartObject);

    /// <summary>From a property's name into its array. False, and past the value, if it is none.</summary>
    public static bool EnterArray(ref Utf8JsonReader reader) => Take(ref reader, JsonTokenType.StartArray);

    /// <summary>From a property's name past its value: is it an object?</summary>
    public static bool IsObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        return isObject;
    }

    /// <summary>Goes into the next object of the array that the reader is in, past whatever is none. False at the array's end.</summary>
    public static bool NextObject(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) return true;
            reader.Skip();
        }

        return false;
    }

    /// <summary>From a property's name past its array; what is no text in it is left out.</summary>
    /// <returns>Null if it is no array.</returns>
    public static IReadOnlyList<string>? Texts(ref Utf8JsonReader reader, SharedStrings shared)
    {
        if (!EnterArray(ref reader)) return null;
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) texts.Add(Current(ref reader, shared));
            else reader.Skip();
        }

        return texts;
    }

    /// <summary>From a property's name past its value.</summary>
    /// <returns>Null if it is no text.</returns>
    public static string? Text(ref Utf8JsonReader reader)
    {
        if (!Take(ref reader, JsonTokenType.String)) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Repaired(ref reader);
        }
    }

    /// <summary>The same, for texts that come often.</summary>
    public static string? Text(ref Utf8JsonReader reader, SharedStrings shared) =>
        Take(ref reader, JsonTokenType.String) ? Current(ref reader, shared) : null;

    /// <summary>From a property's name past its value.</summary>
    /// <returns>Null if it is no whole number that fits.</returns>
    public static long? Integer(ref Utf8JsonReader reader) =>
        Take(ref reader, JsonTokenType.Number) && reader.TryGetInt64(out var number) ? number : null;

    /// <inheritdoc cref="Integer"/>
    public static int? SmallInteger(ref Utf8JsonReader reader) =>
        Take(ref reader, JsonTokenType.Number) && reader.TryGetInt32(out var number) ? number : null;

    /// <summary>From a property's name past its value.</summary>
    /// <returns>Null if it is no RFC 3339 time.</returns>
    public static DateTimeOffset? Time(ref Utf8JsonReader reader) =>
        Take(ref reader, JsonTokenType.String) && reader.TryGetDateTimeOffset(out var time) ? time : null;

    private static string Current(ref Utf8JsonReader reader, SharedStrings shared)
    {
        try
        {
            return shared.Read(ref reader);
        }
        catch (InvalidOperationException)
        {
            return Repaired(ref reader);
        }
    }

    // From a property's name to its value; past it if it is of another kind.
    private static bool Take(ref Utf8JsonReader reader, JsonTokenType kind)
    {
        reader.Read();
        if (reader.TokenType == kind) return true;
        reader.Skip();
        return false;
    }

    // No UTF-8, or half of a surrogate pair: as far as it can be read, and escapes as they stand.
    private static string Repaired(ref Utf8JsonReader reader) => reader.HasValueSequence
        ? Encoding.UTF8.GetString(reader.ValueSequence)
        : Encoding.UTF8.GetString(reader.ValueSpan);
}
