namespace Forensics.Controller.Informers;

/// <summary>The read side of an informer's cache. What it says may be old; it never says what was never so.</summary>
internal interface IStore<out T>
    where T : class
{
    T? Get(ResourceKey key);

    /// <summary>All objects whose index value (see the informer's wiring; for Jobs and pods the PodCheckpoint's UID) is this.</summary>
    IReadOnlyList<T> Indexed(string value);

    IReadOnlyList<T> List();

    /// <summary>All objects that meet a condition, which is asked of each and must be quick.</summary>
    IReadOnlyList<T> Where(Func<T, bool> condition);
}
