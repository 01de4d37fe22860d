namespace Forensics.Controller.Informers;

/// <summary>The objects of one type by key, with one index over them. Every write says what it changed.</summary>
internal sealed class Store<T>(ResourceType<T> type, Func<T, string?>? indexBy = null)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, T> _objects = [];

    // Hardly ever more than one key to a value, so arrays: sets would be most of what the index weighs.
    private readonly Dictionary<string, ResourceKey[]> _index = new(StringComparer.Ordinal);

    public T? Get(ResourceKey key)
    {
        lock (_lock) return _objects.GetValueOrDefault(key);
    }

    public IReadOnlyList<T> List()
    {
        lock (_lock) return [.. _objects.Values];
    }

    public IReadOnlyList<T> Where(Func<T, bool> condition)
    {
        lock (_lock) return [.. _objects.Values.Where(condition)];
    }

    /// <summary>All objects with this index value.</summary>
    public IReadOnlyList<T> Indexed(string value)
    {
        lock (_lock) return _index.TryGetValue(value, out var keys) ? [.. keys.Select(key => _objects[key])] : [];
    }

    /// <inheritdoc cref="IStore{T}.Trim"/>
    public void Trim(string value, Func<T, T> part)
    {
        lock (_lock)
        {
            foreach (var key in _index.GetValueOrDefault(value) ?? []) _objects[key] = part(_objects[key]);
        }
    }

    public Change<T> Set(T item)
    {
        lock (_lock) return SetLocked(item);
    }

    public Change<T> Remove(T item)
    {
        lock (_lock) return RemoveLocked(type.KeyOf(item)) is { } old ? new Change<T>(old, null) : default;
    }

    /// <summary>Makes a namespace's objects (null: all) exactly these, in one step that no reader sees half of. Yields what is
    /// new, what differs, and what vanished with its last known state; not what is as it was.</summary>
    public IReadOnlyList<Change<T>> Replace(string? namespaceName, IReadOnlyList<T> items)
    {
        lock (_lock)
        {
            var vanished = _objects.Keys.Where(key => namespaceName is null || key.Namespace == namespaceName).ToHashSet();
            vanished.ExceptWith(items.Select(type.KeyOf));
            return
            [
                .. vanished.Select(key => new Change<T>(RemoveLocked(key), null)),
                .. items.Where(IsNews).Select(SetLocked),
            ];
        }
    }

    private bool IsNews(T item) =>
        !_objects.TryGetValue(type.KeyOf(item), out var old) || type.ResourceVersionOf(old) != type.ResourceVersionOf(item);

    private Change<T> SetLocked(T item)
    {
        var key = type.KeyOf(item);
        var old = RemoveLocked(key);
        _objects[key] = item;
        if (indexBy?.Invoke(item) is { } value) _index[value] = [.. _index.GetValueOrDefault(value) ?? [], key];
        return new Change<T>(old, item);
    }

    private T? RemoveLocked(ResourceKey key)
    {
        if (!_objects.Remove(key, out var old)) return null;
        if (indexBy?.Invoke(old) is { } value && _index.TryGetValue(value, out var keys))
        {
            if (keys.Length == 1) _index.Remove(value);
            else _index[value] = [.. keys.Where(other => other != key)];
        }

        return old;
    }
}

/// <summary>What became of an object: no <see cref="Old"/> means it is new, no <see cref="New"/> that it is gone.</summary>
internal readonly record struct Change<T>(T? Old, T? New)
    where T : class;
