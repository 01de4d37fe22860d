using System.Buffers;

namespace Forensics.Agent.Storage.S3;

/// <summary>One part while it is filled and sent: as many slabs as it needs, and no more.</summary>
/// <param name="size">Bytes that it will have, unless it is the last one.</param>
internal sealed class Part(long size)
{
    private readonly List<byte[]> _slabs = [];

    public IReadOnlyCollection<byte[]> Slabs => _slabs;
    public long Length { get; private set; }
    public bool IsFull => Length == size;
    public bool NeedsSlab => Length == (long)_slabs.Count * SlabPool.SlabLength;

    public void Add(byte[] slab) => _slabs.Add(slab);

    /// <summary>Takes as much as fits; returns how much that was.</summary>
    public int Fill(ReadOnlySpan<byte> bytes)
    {
        var room = _slabs[^1].AsSpan((int)(Length % SlabPool.SlabLength));
        var taken = (int)Math.Min(Math.Min(bytes.Length, room.Length), size - Length);
        bytes[..taken].CopyTo(room);
        Length += taken;
        return taken;
    }

    public ReadOnlySequence<byte> ToSequence()
    {
        if (Length == 0) return ReadOnlySequence<byte>.Empty;
        var first = new Segment(_slabs[0], 0);
        var last = first;
        foreach (var slab in _slabs.Skip(1)) last = last.Append(slab);
        return new ReadOnlySequence<byte>(first, 0, last, (int)(Length - last.RunningIndex));
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] slab, long before) => (Memory, RunningIndex) = (slab, before);

        public Segment Append(byte[] slab)
        {
            var next = new Segment(slab, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
