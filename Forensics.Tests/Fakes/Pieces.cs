using System.Buffers;

namespace Forensics.Tests.Fakes;

/// <summary>Bytes as a network hands them over: in pieces that lie apart.</summary>
internal sealed class Pieces : ReadOnlySequenceSegment<byte>
{
    private Pieces(ReadOnlyMemory<byte> piece, long index)
    {
        Memory = piece;
        RunningIndex = index;
    }

    public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> all, int size)
    {
        var first = new Pieces(all[..Math.Min(size, all.Length)], 0);
        var last = first;
        for (var start = size; start < all.Length; start += size)
        {
            var next = new Pieces(all.Slice(start, Math.Min(size, all.Length - start)), start);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
