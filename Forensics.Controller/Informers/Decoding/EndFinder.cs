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
            if (FindInBlock(piece.Slice(at, BlockSize)) is >= 0 and var found) return at + found;

        return Walk(piece[at..]) is >= 0 and var end ? at + end : -1;
    }

    // As a whole, a bit for a byte.
    private int FindInBlock(ReadOnlySpan<byte> block)
    {
        var marks = BlockMarks.Of(block);
        var escaped = _escaped || marks.Backslashes != 0 ? TakeEscaped(marks.Backslashes) : 0;
        var text = InsideOfPairs(marks.Quotes & ~escaped) ^ (_inText ? ulong.MaxValue : 0);
        _inText = (text >> (BlockSize - 1)) != 0;
        return Count(marks.Opening & ~text, marks.Closing & ~text);
    }

    // The bytes that a backslash before them makes plain: quotes, and other backslashes.
    private ulong TakeEscaped(ulong backslashes)
    {
        var escaped = _escaped ? 1UL : 0;
        _escaped = false;
        for (backslashes &= ~escaped; backslashes != 0;)
        {
            var next = (backslashes & (0 - backslashes)) << 1;
            _escaped = next == 0; // It is the first of the next block.
            escaped |= next;
            backslashes &= (backslashes - 1) & ~next;
        }

        return escaped;
    }

    // The end can only be in a block that closes as much as is open.
    private int Count(ulong opening, ulong closing)
    {
        var closed = BitOperations.PopCount(closing);
        if (closed < _depth)
        {
            _depth += BitOperations.PopCount(opening) - closed;
            return -1;
        }

        for (var brackets = opening | closing; brackets != 0; brackets &= brackets - 1)
        {
            var bracket = brackets & (0 - brackets);
            if ((bracket & opening) != 0) _depth++;
            else if (--_depth == 0) return BitOperations.TrailingZeroCount(bracket);
        }

        return -1;
    }

    // What is shorter than a block.
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
