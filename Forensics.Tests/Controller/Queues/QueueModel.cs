using Forensics.Controller.Informers;
using Forensics.Controller.Queues;

namespace Forensics.Tests.Controller.Queues;

/// <summary>What <see cref="RateLimitingQueue"/> promises, with no thread, no timer and no heap in it: a key is in line, in one worker's hands,
/// or both; it waits once, at its earliest time and with its highest priority; and it is never lost.</summary>
internal sealed class QueueModel
{
    private readonly List<(ResourceKey Key, Priority Priority)> _line = [];
    private readonly Dictionary<ResourceKey, Priority> _inHand = [];
    private readonly Dictionary<ResourceKey, Priority> _again = [];
    private readonly List<(ResourceKey Key, TimeSpan At, Priority Priority)> _later = [];
    private readonly Dictionary<ResourceKey, int> _failures = [];
    private TimeSpan _now;
    private int _normalsInARow;

    // When the bucket will be full again, if nobody takes from it.
    private TimeSpan _fullAt;

    public bool IsEmpty => _line.Count + _inHand.Count == 0;

    public IEnumerable<ResourceKey> InHand => _inHand.Keys;

    public bool HasInHand(ResourceKey key) => _inHand.ContainsKey(key);

    public int FailuresOf(ResourceKey key) => _failures.GetValueOrDefault(key);

    public void Forget(ResourceKey key) => _failures.Remove(key);

    public void Add(ResourceKey key, Priority priority)
    {
        if (HasInHand(key)) _again[key] = Higher(priority, _again.GetValueOrDefault(key, priority));
        else Join(key, priority);
    }

    public void AddAfter(ResourceKey key, TimeSpan delay)
    {
        var priority = _inHand.GetValueOrDefault(key);
        var at = _now + delay;
        var waiting = _later.FindIndex(other => other.Key == key);
        if (waiting < 0)
        {
            _later.Add((key, at, priority));
            return;
        }

        var (_, earlier, known) = _later[waiting];
        priority = Higher(priority, known);
        if (earlier <= at)
        {
            _later[waiting] = (key, earlier, priority);
            return;
        }

        _later.RemoveAt(waiting);
        _later.Add((key, at, priority));
    }

    public void AddRateLimited(ResourceKey key)
    {
        var own = RateLimiter.BaseDelay;
        for (var i = 0; i < FailuresOf(key) && own < RateLimiter.MaxDelay; i++) own *= 2;
        _failures[key] = FailuresOf(key) + 1;
        var turn = TurnInBucket();
        AddAfter(key, Longer(own < RateLimiter.MaxDelay ? own : RateLimiter.MaxDelay, turn));
    }

    public void Wait(TimeSpan time)
    {
        _now += time;
        foreach (var due in _later.Where(waiting => waiting.At <= _now).OrderBy(waiting => waiting.At).ToList()) // Stable.
        {
            _later.Remove(due);
            Add(due.Key, due.Priority);
        }
    }

    /// <returns>Null if no key is in line.</returns>
    public ResourceKey? Get()
    {
        if (_line.Count == 0) return null;
        var hasLow = _line.Exists(waiting => waiting.Priority == Priority.Low);
        var hasNormal = _line.Exists(waiting => waiting.Priority == Priority.Normal);
        var wanted = hasLow && (!hasNormal || _normalsInARow >= WaitingLine.LowShare - 1) ? Priority.Low : Priority.Normal;
        _normalsInARow = wanted == Priority.Low ? 0 : _normalsInARow + 1;
        var next = _line.Find(waiting => waiting.Priority == wanted);
        _line.Remove(next);
        _inHand.Add(next.Key, next.Priority);
        return next.Key;
    }

    public void Done(ResourceKey key)
    {
        _inHand.Remove(key);
        if (_again.Remove(key, out var priority)) Join(key, priority);
    }

    private void Join(ResourceKey key, Priority priority)
    {
        var present = _line.FindIndex(other => other.Key == key);
        if (present >= 0 && _line[present].Priority <= priority) return;
        if (present >= 0) _line.RemoveAt(present);
        _line.Add((key, priority));
    }

    // Each takes a tenth of a second of the bucket, which holds ten seconds.
    private TimeSpan TurnInBucket()
    {
        var one = TimeSpan.FromSeconds(1 / RateLimiter.RetriesPerSecond);
        _fullAt = Longer(_fullAt, _now) + one;
        return Longer(TimeSpan.Zero, _fullAt - (RateLimiter.Burst * one) - _now);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static Priority Higher(Priority one, Priority other) => one < other ? one : other;
}
