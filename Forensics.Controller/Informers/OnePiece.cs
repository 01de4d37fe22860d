using System.Buffers;

namespace Forensics.Controller.Informers;

/// <summary>Bytes in one piece, over which a reader is quicker than over several: what lies across two of a pipe's buffers is copied.</summary>
internal readonly ref struct OnePiece : IDisposable
{
    private readonly byte[]? _copy;

    public OnePiece(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            Span = bytes.FirstSpan;
            return;
        }

        var length = (int)bytes.Length;
        _copy = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(_copy);
        Span = _copy.AsSpan(0, length);
    }

    public ReadOnlySpan<byte> Span { get; }

    public void Dispose()
    {
        if (_copy is not null) ArrayPool<byte>.Shared.Return(_copy);
    }
}
