using System.Buffers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Does something, once, when the first bytes arrive: the walk is some files ahead then, and none has been read.</summary>
internal sealed class HookedWriter(Action atFirstBytes) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _inner = new();
    private bool _isDone;

    public byte[] Written => _inner.WrittenSpan.ToArray();

    public void Advance(int count)
    {
        _inner.Advance(count);
        if (_isDone) return;
        _isDone = true;
        atFirstBytes();
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);
}
