using System.Buffers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Takes an archive and keeps nothing.</summary>
internal sealed class CountingSink : IBufferWriter<byte>
{
    private readonly byte[] _piece = new byte[1 << 20];

    public long Bytes { get; private set; }

    public void Advance(int count) => Bytes += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => _piece;

    public Span<byte> GetSpan(int sizeHint = 0) => _piece;
}
