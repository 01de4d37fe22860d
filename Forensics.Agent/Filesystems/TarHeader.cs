using System.Buffers.Binary;

namespace Forensics.Agent.Filesystems;

/// <summary>What we read of one 512-byte header.</summary>
internal sealed record TarHeader(byte[] Name, long Size, long Modified, byte Type)
{
    public const int BlockLength = 512;
    public const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly Range NameField = 0..100;
    private static readonly Range SizeField = 124..136;
    private static readonly Range TimeField = 136..148;
    private static readonly Range ChecksumField = 148..156;
    private static readonly Range MagicField = 257..263;
    private static readonly Range PrefixField = 345..500;
    private const int TypeField = 156;

    /// <summary>False for hard links, symbolic links, devices, directories and fifos (types 1 to 6).</summary>
    public bool HasContent => Type is not (>= (byte)'1' and <= (byte)'6');

    public static bool TryParse(ReadOnlySpan<byte> block, out TarHeader header)
    {
        header = null!;
        if (!TryNumber(block[ChecksumField], out var checksum) || !IsSumOf(block, checksum)) return false;
        if (!TryNumber(block[SizeField], out var size) || !TryNumber(block[TimeField], out var seconds)) return false;

        var name = Text(block[NameField]);
        // GNU's older magic ("ustar  ") uses the prefix's place for other things.
        var prefix = block[MagicField].SequenceEqual("ustar\0"u8) ? Text(block[PrefixField]) : [];
        var whole = prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
        header = new TarHeader(whole, size, ToNanoseconds(seconds, 0), block[TypeField]);
        return true;
    }

    public static long ToNanoseconds(long seconds, long nanoseconds) =>
        (long)Int128.Clamp(((Int128)seconds * NanosecondsPerSecond) + nanoseconds, long.MinValue, long.MaxValue);

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>The sum of all bytes, its own field taken as spaces. Some old writers summed signed bytes.</summary>
    private static bool IsSumOf(ReadOnlySpan<byte> block, long checksum)
    {
        long unsigned = 0, signed = 0;
        var (start, length) = ChecksumField.GetOffsetAndLength(BlockLength);
        for (var i = 0; i < block.Length; i++)
        {
            var value = i >= start && i < start + length ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return checksum == unsigned || checksum == signed;
    }

    /// <summary>Octal text, or big-endian two's complement if the first bit is set.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> field, out long number)
    {
        number = 0;
        if ((field[0] & 0x80) != 0) return TryBinary(field, out number);

        var digits = field.Trim(" \0"u8);
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return false;
            number = (number << 3) | (long)(digit - '0');
        }

        return true;
    }

    private static bool TryBinary(ReadOnlySpan<byte> field, out long number)
    {
        number = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        // The bytes before the last eight may only repeat the sign; the first bit of all is the mark, the second the sign.
        var isNegative = (field[0] & 0x40) != 0;
        var fill = isNegative ? (byte)0xFF : (byte)0;
        var fits = field.Length == 8 || ((field[0] | 0x80) == (fill | 0x80) && !field[1..^8].ContainsAnyExcept(fill));
        return fits && number < 0 == isNegative;
    }
}
