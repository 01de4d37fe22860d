namespace Forensics.Agent.Storage.S3;

/// <summary>Memory for parts, bounded for the whole store: who fills a part waits here while uploads hold the budget,
/// and that is the back-pressure. A part larger than the budget is let through alone.</summary>
internal sealed class PartBuffers(long budget)
{
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = new();
    private TaskCompletionSource _released = NewSignal();
    private long _rented;

    public async Task<PartBuffer> RentAsync(int size, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task released;
            lock (_lock)
            {
                if (_rented == 0 || _rented + size <= budget) return new PartBuffer(Take(size));
                released = _released.Task;
            }

            await released.WaitAsync(cancellationToken);
        }
    }

    public void Return(PartBuffer buffer)
    {
        TaskCompletionSource released;
        lock (_lock)
        {
            _rented -= buffer.Array.Length;
            _free.Push(buffer.Array);
            (released, _released) = (_released, NewSignal());
        }

        released.SetResult();
    }

    private byte[] Take(int size)
    {
        _rented += size;
        // Buffers of a size that parts have outgrown are of no more use.
        while (_free.TryPop(out var array))
            if (array.Length == size) return array;
        return GC.AllocateUninitializedArray<byte>(size);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One part while it is filled and sent.</summary>
internal sealed class PartBuffer(byte[] array)
{
    private int _filled;

    public byte[] Array => array;
    public ReadOnlyMemory<byte> Written => array.AsMemory(0, _filled);
    public bool IsFull => _filled == array.Length;

    /// <summary>Takes as much as fits; returns how much that was.</summary>
    public int Fill(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, array.Length - _filled);
        bytes[..taken].CopyTo(array.AsSpan(_filled));
        _filled += taken;
        return taken;
    }
}
