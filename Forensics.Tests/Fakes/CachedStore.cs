using Forensics.Controller.Informers;

namespace Forensics.Tests.Fakes;

/// <summary>A cache over what there is: up to date, until it is frozen. What it has let go of never comes again.</summary>
/// <param name="read">What is kept of an object; a copy, as a real cache has its own.</param>
internal sealed class CachedStore<TLive, T>(
    Func<IEnumerable<TLive>> live, Func<TLive, ResourceKey> keyOf, Func<TLive, string?> indexBy, Func<TLive, T> read) : IStore<T>
    where T : class
{
    private readonly Dictionary<string, Func<T, T>> _parts = [];
    private IReadOnlyList<Entry>? _frozen;

    /// <summary>From now on it shows what is there now.</summary>
    public void Freeze() => _frozen = [.. Entries().Select(entry => entry with { Read = Always(entry.Read()) })];

    public void Thaw() => _frozen = null;

    public T? Get(ResourceKey key) => Entries().FirstOrDefault(entry => entry.Key == key)?.Read();

    public IReadOnlyList<T> Indexed(string value) => [.. Entries().Where(entry => entry.Index == value).Select(entry => entry.Read())];

    public IReadOnlyList<T> List() => [.. Entries().Select(entry => entry.Read())];

    public IReadOnlyList<T> Where(Func<T, bool> condition) => [.. List().Where(condition)];

    public void Trim(string value, Func<T, T> part)
    {
        _parts[value] = part;
        _frozen = _frozen?.Select(entry => entry.Index == value ? entry with { Read = Always(part(entry.Read())) } : entry).ToList();
    }

    /// <summary>It is another process's, which has let go of nothing yet.</summary>
    public void Renew() => _parts.Clear();

    private IEnumerable<Entry> Entries() => _frozen ?? live().Select(item => new Entry(keyOf(item), indexBy(item), () => Kept(item)));

    private T Kept(TLive item) => indexBy(item) is { } value && _parts.TryGetValue(value, out var part) ? part(read(item)) : read(item);

    private static Func<T> Always(T item) => () => item;

    private sealed record Entry(ResourceKey Key, string? Index, Func<T> Read);
}
