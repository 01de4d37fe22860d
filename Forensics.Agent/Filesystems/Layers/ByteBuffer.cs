using System.Buffers;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Bytes that grow, shrink and are used again, so that a file costs no allocation.</summary>
internal sealed class ByteBuffer(int capacity = 256) : IBufferWriter<byte>
{
    // What once was large need not be so again, and there are many of these.
    private const int MostKept = 128 * 1024;

    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MostKept) _bytes = new byte[capacity];
    }

    public void Truncate(int length) => Length = length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    public void Set(ReadOnlySpan<byte> bytes)
    {
        Clear();
        Append(bytes);
    }

    /// <summary>Puts other bytes in the place of some.</summary>
    public void Replace(int start, int length, ReadOnlySpan<byte> by)
    {
        var rest = Span[(start + length)..].ToArray();
        var replacement = by.ToArray();
        Truncate(start);
        Append(replacement);
        Append(rest);
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int more)
    {
        var needed = Length + Math.Max(more, 1);
        if (_bytes.Length < needed) Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
