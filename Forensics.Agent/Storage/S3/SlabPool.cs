namespace Forensics.Agent.Storage.S3;

/// <summary>Memory for parts, bounded for the whole store: whoever fills a part waits here while uploads hold the budget, and that is
/// the back-pressure.</summary>
/// <remarks>If nothing is under way, nothing will come back, since all of it is in parts that are still being filled: then the budget
/// is exceeded rather than waited for. That is bounded too, by the length of a part for each open object.</remarks>
/// <param name="budget">In slabs.</param>
internal sealed class SlabPool(int budget)
{
    public const int SlabLength = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = new();
    private TaskCompletionSource _changed = NewSignal();
    private int _rented;
    private int _underWay;

    /// <summary>Slabs that are out.</summary>
    public int Rented
    {
        get
        {
            lock (_lock) return _rented;
        }
    }

    public async ValueTask<byte[]> RentAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_rented < budget || _underWay == 0) return Take();
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>These slabs will come back by themselves.</summary>
    public void SetOut(IReadOnlyCollection<byte[]> slabs)
    {
        lock (_lock) _underWay += slabs.Count;
    }

    public void ReturnFromUpload(IReadOnlyCollection<byte[]> slabs)
    {
        lock (_lock) _underWay -= slabs.Count;
        Return(slabs);
    }

    public void Return(IReadOnlyCollection<byte[]> slabs)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            foreach (var slab in slabs)
                if (_rented-- <= budget) _free.Push(slab);
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private byte[] Take()
    {
        _rented++;
        return _free.TryPop(out var slab) ? slab : GC.AllocateUninitializedArray<byte>(SlabLength);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
