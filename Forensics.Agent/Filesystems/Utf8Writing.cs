using System.Buffers;
using System.Globalization;

namespace Forensics.Agent.Filesystems;

/// <summary>Numbers as text, with nothing allocated.</summary>
internal static class Utf8Writing
{
    private const int LongestNumber = 32;

    /// <param name="format">.NET's: <c>D9</c> for nine digits.</param>
    public static void WriteDecimal(this IBufferWriter<byte> output, long number, ReadOnlySpan<char> format = default)
    {
        number.TryFormat(output.GetSpan(LongestNumber), out var written, format, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    public static void WriteOctal(this IBufferWriter<byte> output, int number, int digits)
    {
        var span = output.GetSpan(digits)[..digits];
        for (var i = digits - 1; i >= 0; i--, number >>= 3) span[i] = (byte)('0' + (number & 7));
        output.Advance(digits);
    }

    /// <summary>Lower case.</summary>
    public static void WriteHex(this IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, output.GetSpan(bytes.Length * 2), out var written);
        output.Advance(written);
    }
}
