using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Forensics.Agent.Filesystems;

/// <summary>The sum of a header's bytes, its own field taken as spaces.</summary>
internal static class TarChecksum
{
    /// <summary>Where it stands in the header.</summary>
    public static readonly Range Field = 148..156;

    private const int HighestBit = 256;

    /// <param name="block">512 bytes.</param>
    public static int Of(ReadOnlySpan<byte> block)
    {
        var field = block[Field];
        return Sum(block) - SumOneByOne(field) + (field.Length * ' ');
    }

    /// <summary>Some old writers summed signed bytes.</summary>
    public static int OfSigned(ReadOnlySpan<byte> block) => Of(block) - (HighestBit * (HighBytes(block) - HighBytes(block[Field])));

    private static int Sum(ReadOnlySpan<byte> block)
    {
        // Sixteen bits are enough: a lane gets 64 bytes at the most.
        var sums = Vector<ushort>.Zero;
        foreach (var bytes in MemoryMarshal.Cast<byte, Vector<byte>>(block))
        {
            Vector.Widen(bytes, out var low, out var high);
            sums += low + high;
        }

        var sum = 0;
        for (var i = 0; i < Vector<ushort>.Count; i++) sum += sums[i];
        return sum;
    }

    private static int SumOneByOne(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var value in bytes) sum += value;
        return sum;
    }

    private static int HighBytes(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return 0;
        var count = 0;
        foreach (var value in bytes) count += value >> 7;
        return count;
    }
}
