using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>Keys in the order in which workers get them: within a priority first come, first served. For one caller at a time.</summary>
internal sealed class WaitingLine
{
    /// <summary>Of this many keys in a row one is of low priority, if any waits.</summary>
    public const int LowShare = 4;

    private readonly Queue<(ResourceKey Key, long Nth)> _normal = new();
    private readonly Queue<(ResourceKey Key, long Nth)> _low = new();

    // Each key's place. A key that was moved ahead still stands where it stood before, and is passed over there.
    private readonly Dictionary<ResourceKey, (Priority Priority, long Nth)> _places = [];
    private long _joined;
    private int _normalInARow;

    public int Count => _places.Count;

    /// <summary>Puts a key at the end of its priority's line. One that is there already moves ahead at most.</summary>
    /// <returns>False if it was there already.</returns>
    public bool Join(ResourceKey key, Priority priority)
    {
        var isNew = !_places.TryGetValue(key, out var present);
        if (!isNew && present.Priority <= priority) return false;
        _places[key] = (priority, ++_joined);
        (priority == Priority.Low ? _low : _normal).Enqueue((key, _joined));
        return isNew;
    }

    /// <summary>Takes the next key. Somebody must have joined that was not taken.</summary>
    public (ResourceKey Key, Priority Priority) Take()
    {
        PassOver();
        var priority = _low.Count > 0 && (_normal.Count == 0 || _normalInARow >= LowShare - 1) ? Priority.Low : Priority.Normal;
        _normalInARow = priority == Priority.Normal ? _normalInARow + 1 : 0;
        var (key, _) = (priority == Priority.Low ? _low : _normal).Dequeue();
        _places.Remove(key);
        return (key, priority);
    }

    private void PassOver()
    {
        while (_low.TryPeek(out var first) && _places.GetValueOrDefault(first.Key).Nth != first.Nth) _low.Dequeue();
    }
}
