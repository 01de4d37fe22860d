using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>Puts keys on a <see cref="WorkQueue"/> later. A key waits once: asked for twice, the earlier time and the higher priority count.</summary>
internal sealed class DelayingQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly WorkQueue _queue;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;

    // When each waiting key is due, counted from _start, a clock that only goes forward; and the how-manieth it was to be asked for, by
    // which those due together are told apart.
    private readonly Dictionary<ResourceKey, ((TimeSpan At, long Nth) Place, Priority Priority)> _due = [];

    // The same in order. An entry whose place is not the one in _due was overtaken by an earlier one and means nothing.
    private readonly PriorityQueue<ResourceKey, (TimeSpan At, long Nth)> _order = new();
    private long _asked;
    private bool _disposed;

    public DelayingQueue(WorkQueue queue, TimeProvider time)
    {
        _queue = queue;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => AddWhatIsDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    public void AddAfter(ResourceKey key, TimeSpan delay, Priority priority = Priority.Normal)
    {
        if (delay <= TimeSpan.Zero)
        {
            _queue.Add(key, priority);
            return;
        }

        lock (_lock)
        {
            if (_disposed) return;
            var place = (At: Now + delay, Nth: _asked++);
            var waits = _due.TryGetValue(key, out var waiting);
            if (waits && waiting.Priority < priority) priority = waiting.Priority;
            if (waits && waiting.Place.At <= place.At) place = waiting.Place;
            else _order.Enqueue(key, place);
            _due[key] = (place, priority);
            SetTimer();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private void AddWhatIsDue()
    {
        lock (_lock)
        {
            if (_disposed) return;
            while (_order.TryPeek(out var key, out var due) && due.At <= Now)
            {
                _order.Dequeue();
                if (!_due.TryGetValue(key, out var current) || current.Place != due) continue;
                _due.Remove(key);
                _queue.Add(key, current.Priority);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (!_order.TryPeek(out _, out var due)) return;

        // Timers count whole milliseconds and cut off the rest: rounded up, one never fires before its key is due.
        var wait = Math.Ceiling(Math.Max(0, (due.At - Now).TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, MaxTimerMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    // What a timer accepts, about 49 days; a longer wait is taken in steps.
    private const double MaxTimerMilliseconds = uint.MaxValue - 1;
}
