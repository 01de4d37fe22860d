using Forensics.Controller.Informers;

namespace Forensics.Tests.Fakes;

/// <summary>A cache over what there is: up to date, until it is frozen.</summary>
internal sealed class CachedStore<T>(Func<IEnumerable<T>> live, Func<T, ResourceKey> keyOf, Func<T, string?> indexBy) : IStore<T>
    where T : class
{
    private IReadOnlyList<T>? _frozen;

    public bool HasSynced => true;

    /// <summary>From now on it shows what is there now.</summary>
    public void Freeze() => _frozen = [.. live()];

    public void Thaw() => _frozen = null;

    public T? Get(ResourceKey key) => List().FirstOrDefault(item => keyOf(item) == key);

    public IReadOnlyList<T> Indexed(string value) => [.. List().Where(item => indexBy(item) == value)];

    public IReadOnlyList<T> List() => _frozen ?? [.. live()];
}
