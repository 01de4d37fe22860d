using System.Buffers.Binary;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Fills one 512-byte header of a tar archive, POSIX's ustar.</summary>
internal static class TarBlock
{
    public const int LongestName = 100;

    /// <summary>Seven octal digits.</summary>
    public const uint LargestId = 0x1FFFFF;

    /// <summary>Eleven octal digits: 8 GiB.</summary>
    public const long LargestSize = 0x1_FFFF_FFFF;

    /// <param name="name">What does not fit is cut: an extension has it whole.</param>
    public static void Fill(Span<byte> block, byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, long size, in FileStatus status)
    {
        block.Clear();
        name[..Math.Min(name.Length, LongestName)].CopyTo(block);
        Number(block.Slice(100, 8), status.Mode);
        Number(block.Slice(108, 8), status.UserId);
        Number(block.Slice(116, 8), status.GroupId);
        Number(block.Slice(124, 12), size);
        Number(block.Slice(136, 12), Math.Clamp(status.Modified.Seconds, 0, LargestSize));
        block[156] = type;
        link[..Math.Min(link.Length, LongestName)].CopyTo(block[157..]);
        "ustar\0"u8.CopyTo(block[257..]);
        "00"u8.CopyTo(block[263..]);
        if (type is TarType.CharacterDevice or TarType.BlockDevice)
        {
            Number(block.Slice(329, 8), status.DeviceMajor);
            Number(block.Slice(337, 8), status.DeviceMinor);
        }

        Seal(block);
    }

    /// <summary>Octal digits and a zero byte; what needs more digits is binary, with the first bit set, as GNU and star have it.</summary>
    private static void Number(Span<byte> field, long number)
    {
        var digits = field.Length - 1;
        if (number >> (digits * 3) != 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(field[^8..], number);
            field[0] |= 0x80;
            return;
        }

        for (var i = digits - 1; i >= 0; i--, number >>= 3) field[i] = (byte)('0' + (number & 7));
    }

    private static void Seal(Span<byte> block)
    {
        var field = block[TarChecksum.Field];
        var sum = TarChecksum.Of(block);
        // Six digits, a zero byte and the blank.
        Number(field[..^1], sum);
        (field[^2], field[^1]) = (0, (byte)' ');
    }
}
