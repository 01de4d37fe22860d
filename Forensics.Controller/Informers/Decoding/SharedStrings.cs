using System.Text;
using System.Text.Json;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Keeps one copy of the texts that come again and again: namespaces, phases, reasons, images, messages. It is bounded: of
/// those whose hashes are alike only the few that were read last are kept. For one reader at a time.</summary>
/// <remarks>A few and not one: hashes differ from process to process, and where two texts of the same event had one place, each took the other's,
/// event after event.</remarks>
internal sealed class SharedStrings
{
    private const int Sets = 128;
    private const int PlacesOfSet = 4;

    // Longer ones are hardly ever the same, and would make this hold more than it saves.
    private const int LongestBytes = 512;

    private readonly string?[] _places = new string?[Sets * PlacesOfSet];

    /// <summary>The text that the reader stands on; its JSON is in one piece.</summary>
    /// <exception cref="InvalidOperationException">It is not valid UTF-8.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestBytes) return reader.GetString()!;
        if (!reader.ValueIsEscaped) return Of(reader.ValueSpan);

        Span<byte> text = stackalloc byte[LongestBytes];
        return Of(text[..reader.CopyString(text)]);
    }

    private string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        var set = _places.AsSpan((int)((uint)hash.ToHashCode() % Sets) * PlacesOfSet, PlacesOfSet);
        var place = 0;
        while (place < PlacesOfSet - 1 && !(set[place] is { } held && Ascii.Equals(utf8, held))) place++;
        var text = set[place] is { } found && Ascii.Equals(utf8, found) ? found : Encoding.UTF8.GetString(utf8);

        // The first place is the latest reader's; the last one falls out if the text was in none.
        set[..place].CopyTo(set[1..]);
        set[0] = text;
        return text;
    }
}
