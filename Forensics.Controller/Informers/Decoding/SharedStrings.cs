using System.Text;
using System.Text.Json;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Keeps one copy of the texts that come again and again: namespaces, phases, reasons, images, messages. It is bounded: a
/// text takes the place of another whose hash is like its own. For one reader at a time.</summary>
internal sealed class SharedStrings
{
    private const int Places = 512;

    // Longer ones are hardly ever the same, and would make this hold more than it saves.
    private const int LongestBytes = 512;

    private readonly string?[] _places = new string?[Places];

    /// <summary>The text that the reader stands on.</summary>
    /// <exception cref="InvalidOperationException">It is not valid UTF-8.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        var escaped = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (escaped > LongestBytes) return reader.GetString()!;
        if (!reader.HasValueSequence && !reader.ValueIsEscaped) return Of(reader.ValueSpan);

        Span<byte> text = stackalloc byte[LongestBytes];
        return Of(text[..reader.CopyString(text)]);
    }

    private string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        ref var place = ref _places[(uint)hash.ToHashCode() % Places];
        if (place is not null && Ascii.Equals(utf8, place)) return place;
        var text = Encoding.UTF8.GetString(utf8);
        place = text;
        return text;
    }
}
