using System.Buffers.Text;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Writes the records of a PAX extended header: <c>LENGTH KEY=VALUE\n</c>, where the length counts all of it.</summary>
internal static class PaxRecords
{
    // The blank, the equals sign and the newline.
    private const int Punctuation = 3;
    private const int LongestNumber = 20;
    private const uint NanosecondsPerSecond = 1_000_000_000;

    public static void Add(ByteBuffer records, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Begin(records, key.Length + value.Length);
        records.Append(key);
        records.Append((byte)'=');
        records.Append(value);
        records.Append((byte)'\n');
    }

    public static void Add(ByteBuffer records, ReadOnlySpan<byte> key, long number)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(number, text, out var length);
        Add(records, key, text[..length]);
    }

    /// <summary>Seconds with nine decimals; before 1970 they are counted backwards, sign and all, as POSIX has it.</summary>
    public static void Add(ByteBuffer records, ReadOnlySpan<byte> key, FileTime time)
    {
        var isBefore = time.Seconds < 0 && time.Nanoseconds > 0;
        var seconds = isBefore ? time.Seconds + 1 : time.Seconds;
        var nanoseconds = isBefore ? NanosecondsPerSecond - time.Nanoseconds : time.Nanoseconds;

        Span<byte> text = stackalloc byte[LongestNumber + 11];
        var length = 0;
        // Half a second before 1970 is minus zero seconds and a half.
        if (isBefore && seconds == 0) text[length++] = (byte)'-';
        Utf8Formatter.TryFormat(seconds, text[length..], out var digits);
        length += digits;
        if (nanoseconds != 0)
        {
            text[length++] = (byte)'.';
            Utf8Formatter.TryFormat(nanoseconds, text[length..], out digits, new System.Buffers.StandardFormat('D', 9));
            length += digits;
        }

        Add(records, key, text[..length]);
    }

    private static void Begin(ByteBuffer records, int keyAndValue)
    {
        var rest = keyAndValue + Punctuation;
        var total = rest + Digits(rest);
        // The length's own digits may make it longer by one.
        if (rest + Digits(total) != total) total = rest + Digits(total);
        Utf8Formatter.TryFormat(total, records.GetSpan(LongestNumber), out var written);
        records.Advance(written);
        records.Append((byte)' ');
    }

    private static int Digits(int number)
    {
        var digits = 1;
        while ((number /= 10) > 0) digits++;
        return digits;
    }
}
