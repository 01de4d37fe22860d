using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>Keys in the order in which workers get them: within a priority first come, first served. For one caller at a time.</summary>
internal sealed class WaitingLine
{
    /// <summary>Of this many keys in a row one is of low priority, if any waits.</summary>
    public const int LowShare = 4;

    private readonly Queue<ResourceKey> _normal = new();
    private readonly Queue<ResourceKey> _low = new();

    // Each key's place. A key that was moved ahead still stands where it stood before, and is passed over there, unless it has joined
    // again by then: then that is its place.
    private readonly Dictionary<ResourceKey, Priority> _priorities = [];
    private int _normalInARow;

    public int Count => _priorities.Count;

    /// <summary>Puts a key at the end of its priority's line. One that is there already moves ahead at most.</summary>
    /// <returns>False if it was there already.</returns>
    public bool Join(ResourceKey key, Priority priority)
    {
        var isNew = !_priorities.TryGetValue(key, out var present);
        if (!isNew && present <= priority) return false;
        _priorities[key] = priority;
        (priority == Priority.Low ? _low : _normal).Enqueue(key);
        return isNew;
    }

    /// <summary>Takes the next key. Somebody must have joined that was not taken.</summary>
    public (ResourceKey Key, Priority Priority) Take()
    {
        PassOver();
        var priority = _low.Count > 0 && (_normal.Count == 0 || _normalInARow >= LowShare - 1) ? Priority.Low : Priority.Normal;
        _normalInARow = priority == Priority.Normal ? _normalInARow + 1 : 0;
        var key = (priority == Priority.Low ? _low : _normal).Dequeue();
        _priorities.Remove(key);
        return (key, priority);
    }

    private void PassOver()
    {
        while (_low.TryPeek(out var key) && _priorities.GetValueOrDefault(key) != Priority.Low) _low.Dequeue();
    }
}
