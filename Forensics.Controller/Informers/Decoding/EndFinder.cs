using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Finds where an object or array of JSON ends without reading what is in it: two thirds of an agent's pod, as an API server
/// has it, are managed fields and the spec, which are nothing to us. It counts brackets outside of texts, 64 bytes at a time, and does not ask whether what
/// lies between them is JSON.</summary>
/// <remarks>It starts behind the opening bracket, and takes what comes in whatever pieces.</remarks>
internal struct EndFinder()
{
    private const int BlockSize = 64;

    private int _depth = 1;
    private bool _inText;

    // The piece before ended in a backslash.
    private bool _escaped;

    /// <returns>Where the closing bracket is in this piece; -1 if it is in a later one.</returns>
    public int FindIn(ReadOnlySpan<byte> piece)
    {
        var at = 0;
        for (; piece.Length - at >= BlockSize; at += BlockSize)
        {
            var block = piece.Slice(at, BlockSize);
            if (!TryPass(block) && Walk(block) is >= 0 and var found) return at + found;
        }

        return Walk(piece[at..]) is >= 0 and var end ? at + end : -1;
    }

    // Passes a block as a whole, a bit for a byte; false if it must be walked: the end may be in it, or a backslash changes what a quote means.
    private bool TryPass(ReadOnlySpan<byte> block)
    {
        var marks = BlockMarks.Of(block);
        if (_escaped || marks.Backslashes != 0) return false;

        var text = InsideOfPairs(marks.Quotes) ^ (_inText ? ulong.MaxValue : 0);
        var closed = BitOperations.PopCount(marks.Closing & ~text);
        if (closed >= _depth) return false;

        _depth += BitOperations.PopCount(marks.Opening & ~text) - closed;
        _inText = (text >> (BlockSize - 1)) != 0;
        return true;
    }

    private int Walk(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var current = bytes[i];
            if (_escaped) _escaped = false;
            else if (current == '\\') _escaped = true;
            else if (current == '"') _inText = !_inText;
            else if (_inText) continue;
            else if (current is (byte)'{' or (byte)'[') _depth++;
            else if (current is (byte)'}' or (byte)']' && --_depth == 0) return i;
        }

        return -1;
    }

    // Every bit from an odd quote (with it) up to the even one that follows (without it): each bit is the parity of all up to it.
    private static ulong InsideOfPairs(ulong quotes)
    {
        for (var distance = 1; distance < BlockSize; distance *= 2) quotes ^= quotes << distance;
        return quotes;
    }

    /// <summary>Where in a block the bytes are that mean something: the first byte is the lowest bit.</summary>
    private readonly record struct BlockMarks(ulong Quotes, ulong Backslashes, ulong Opening, ulong Closing)
    {
        public static BlockMarks Of(ReadOnlySpan<byte> block)
        {
            var marks = default(BlockMarks);
            var vectors = MemoryMarshal.Cast<byte, Vector128<byte>>(block);
            for (var i = 0; i < vectors.Length; i++)
            {
                // Braces and brackets differ in one bit only.
                var (bytes, folded) = (vectors[i], vectors[i] | Vector128.Create((byte)0x20));
                marks = new BlockMarks(
                    marks.Quotes | BitsOf(bytes, (byte)'"', i),
                    marks.Backslashes | BitsOf(bytes, (byte)'\\', i),
                    marks.Opening | BitsOf(folded, (byte)'{', i),
                    marks.Closing | BitsOf(folded, (byte)'}', i));
            }

            return marks;
        }

        private static ulong BitsOf(Vector128<byte> bytes, byte wanted, int vector) =>
            (ulong)Vector128.Equals(bytes, Vector128.Create(wanted)).ExtractMostSignificantBits() << (vector * Vector128<byte>.Count);
    }
}
