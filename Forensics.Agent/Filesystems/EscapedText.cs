using System.Buffers;
using System.Globalization;
using System.Text;

namespace Forensics.Agent.Filesystems;

/// <summary>Text that an attacker may have written, in a form that is safe to print and that can be turned back into its bytes:
/// a backslash, and each byte of what is invisible, unassigned, not UTF-8, or changes how other text is shown (control
/// characters, bidirectional marks), becomes a backslash and three octal digits, as in /proc/mounts. All else stays.</summary>
internal static class EscapedText
{
    public static string Of(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text.Contains('\\', StringComparison.Ordinal)
        ? Of(WobblyUtf8(text))
        : text;

    public static string Of(ReadOnlySpan<byte> text)
    {
        var escaped = new ArrayBufferWriter<byte>(text.Length + 16);
        Write(text, escaped);
        return Encoding.UTF8.GetString(escaped.WrittenSpan);
    }

    /// <summary>The same as UTF-8.</summary>
    /// <param name="separator">One more character to escape, since it ends a field where the text goes.</param>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> escaped, byte separator = (byte)'\\')
    {
        while (!text.IsEmpty)
        {
            var harmless = HarmlessLength(text, separator, out var length);
            if (harmless > 0) escaped.Write(text[..harmless]);
            else
            {
                foreach (var octet in text[..length])
                    escaped.Write([(byte)'\\', (byte)('0' + (octet >> 6)), (byte)('0' + ((octet >> 3) & 7)), (byte)('0' + (octet & 7))]);
            }

            text = text[length..];
        }
    }

    /// <summary>How much may stay as it is; if nothing may, <paramref name="length"/> bytes have to be escaped.</summary>
    private static int HarmlessLength(ReadOnlySpan<byte> text, byte separator, out int length)
    {
        var basic = text.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        length = (basic < 0 ? text : text[..basic]).IndexOfAny((byte)'\\', separator);
        if (length < 0) length = basic < 0 ? text.Length : basic;
        if (length > 0) return length;

        var isText = Rune.DecodeFromUtf8(text, out var rune, out length) == OperationStatus.Done;
        return isText && IsHarmless(rune) && rune.Value != separator ? length : 0;
    }

    private static bool IsHarmless(Rune rune) => rune.Value != '\\' && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>UTF-8 in which half a surrogate pair keeps its code (as WTF-8 has it) rather than becoming U+FFFD.</summary>
    private static byte[] WobblyUtf8(string text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 8);
        Span<byte> one = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                bytes.Write(one[..rune.EncodeToUtf8(one)]);
                i += rune.Utf16SequenceLength - 1;
                continue;
            }

            int half = text[i];
            bytes.Write([(byte)(0xE0 | (half >> 12)), (byte)(0x80 | ((half >> 6) & 0x3F)), (byte)(0x80 | (half & 0x3F))]);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
