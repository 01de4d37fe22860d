namespace Forensics.Controller;

/// <summary>Keeps the heap near what is alive in it. A first list leaves what it was read from, and every change of an object its former
/// state; the collector lets such things lie until they weigh as much as what is alive, and where little happens for as long as the
/// process lives. Where nothing is allocated, nothing is done. docs/decisions/memory.md has the figures.</summary>
internal sealed class HeapTrim : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>In bytes. Growth that is worth a collection, or a quarter of what is alive if that is more.</summary>
    public const long Slack = 8 << 20;

    private readonly Func<long> _size;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private long _alive;

    /// <param name="size">Bytes on the heap now, alive or not.</param>
    /// <param name="collect">Leaves on it what is alive, and gives the rest back to the system.</param>
    public HeapTrim(TimeProvider time, Func<long> size, Action collect)
    {
        (_size, _collect) = (size, collect);
        _timer = time.CreateTimer(_ => Trim(), null, Period, Period);
    }

    /// <summary>Of this process.</summary>
    public static HeapTrim Start(TimeProvider time) => new(
        time,
        () => GC.GetTotalMemory(forceFullCollection: false),
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    public void Dispose() => _timer.Dispose();

    private void Trim()
    {
        if (_size() - _alive < Math.Max(Slack, _alive / 4)) return;
        _collect();
        _alive = _size();
    }
}
