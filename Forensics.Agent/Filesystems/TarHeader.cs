using System.Buffers.Binary;

namespace Forensics.Agent.Filesystems;

/// <summary>What we read of one 512-byte header; a view of the block.</summary>
internal readonly ref struct TarHeader
{
    public const int BlockLength = 512;
    public const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly Range NameField = 0..100;
    private static readonly Range ModeField = 100..108;
    private static readonly Range UidField = 108..116;
    private static readonly Range GidField = 116..124;
    private static readonly Range SizeField = 124..136;
    private static readonly Range TimeField = 136..148;
    private static readonly Range LinkField = 157..257;
    private static readonly Range MagicField = 257..263;
    private static readonly Range PrefixField = 345..500;
    private const int TypeField = 156;
    private const int ModeBits = 0b111_111_111_111;

    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>What the name lacks at its front, without the slash between; mostly empty.</summary>
    public ReadOnlySpan<byte> Prefix { get; private init; }
    public ReadOnlySpan<byte> Link { get; private init; }
    public byte Type { get; private init; }
    public int Mode { get; private init; }
    public long Uid { get; private init; }
    public long Gid { get; private init; }
    public long Size { get; private init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long Modified { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> block, out TarHeader header)
    {
        header = default;
        if (!TryNumber(block[TarChecksum.Field], out var checksum)) return false;
        if (checksum != TarChecksum.Of(block) && checksum != TarChecksum.OfSigned(block)) return false;
        if (!TryNumber(block[SizeField], out var size) || !TryNumber(block[TimeField], out var seconds)) return false;
        if (!TryNumber(block[ModeField], out var mode) || !TryNumber(block[UidField], out var uid) || !TryNumber(block[GidField], out var gid)) return false;

        header = new TarHeader
        {
            Name = Text(block[NameField]),
            // GNU's older magic ("ustar  ") uses the prefix's place for other things.
            Prefix = block[MagicField].SequenceEqual("ustar\0"u8) ? Text(block[PrefixField]) : [],
            Link = Text(block[LinkField]),
            Type = block[TypeField],
            Mode = (int)mode & ModeBits,
            Uid = uid,
            Gid = gid,
            Size = size,
            Modified = ToNanoseconds(seconds, 0),
        };
        return true;
    }

    public static long ToNanoseconds(long seconds, long nanoseconds) =>
        (long)Int128.Clamp(((Int128)seconds * NanosecondsPerSecond) + nanoseconds, long.MinValue, long.MaxValue);

    /// <summary>Whole seconds since 1970, rounded down, and the rest.</summary>
    public static (long Seconds, long Nanoseconds) FromNanoseconds(long time)
    {
        var (seconds, rest) = Math.DivRem(time, NanosecondsPerSecond);
        return rest < 0 ? (seconds - 1, rest + NanosecondsPerSecond) : (seconds, rest);
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
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
        // The first bit of all is the mark, the second the sign.
        var isNegative = (field[0] & 0x40) != 0;
        var fill = isNegative ? (byte)0xFF : (byte)0;
        if (field.Length == 8)
        {
            number = BinaryPrimitives.ReadInt64BigEndian(field) & long.MaxValue;
            if (isNegative) number |= long.MinValue;
            return true;
        }

        // The bytes before the last eight may only repeat the sign.
        number = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        return (field[0] | 0x80) == (fill | 0x80) && !field[1..^8].ContainsAnyExcept(fill) && number < 0 == isNegative;
    }
}
