using System.Buffers;

namespace Forensics.Agent.Storage.S3;

/// <summary>Memory in several pieces as the stream that the SDK wants: it reads a body once for the signature and once to send it.</summary>
internal sealed class SequenceStream : Stream
{
    private readonly ReadOnlySequence<byte> _all;
    private ReadOnlySequence<byte> _rest;

    public SequenceStream(ReadOnlySequence<byte> bytes) => _all = _rest = bytes;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _all.Length;

    public override long Position
    {
        get => _all.Length - _rest.Length;
        set => _rest = _all.Slice(value);
    }

    public override int Read(Span<byte> buffer)
    {
        var taken = (int)Math.Min(buffer.Length, _rest.Length);
        _rest.Slice(0, taken).CopyTo(buffer);
        _rest = _rest.Slice(taken);
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    /// <summary>Piece by piece, with no buffer between.</summary>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        foreach (var piece in _rest) await destination.WriteAsync(piece, cancellationToken);
        _rest = ReadOnlySequence<byte>.Empty;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
