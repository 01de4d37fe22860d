namespace Forensics.Tests.Fakes;

/// <summary>Gives its bytes in reads of the given lengths, over and over; then ends, or fails if told to.</summary>
internal sealed class ChoppedStream(byte[] bytes, int[] lengths, Exception? failure = null) : MemoryStream(bytes)
{
    private int _read;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position == Length && failure is not null) throw failure;
        var length = Math.Min(lengths[_read++ % lengths.Length], buffer.Length);
        return ValueTask.FromResult(Read(buffer.Span[..length]));
    }
}
