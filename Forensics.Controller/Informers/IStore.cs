namespace Forensics.Controller.Informers;

/// <summary>The read side of an informer's cache. What it says may be old; it never says what was never so.</summary>
internal interface IStore<T>
    where T : class
{
    T? Get(ResourceKey key);

    /// <summary>All objects whose index value (see the informer's wiring; for Jobs and pods the PodCheckpoint's UID) is this.</summary>
    IReadOnlyList<T> Indexed(string value);

    IReadOnlyList<T> List();

    /// <summary>All objects that meet a condition, which is asked of each and must be quick.</summary>
    IReadOnlyList<T> Where(Func<T, bool> condition);

    /// <summary>Lets go of what will not be asked for again of the objects with this index value. Nobody is told: to those who
    /// read, nothing has changed. The API server's next word of an object brings all of it again.</summary>
    /// <param name="part">Leaves key, resourceVersion and index value as they are.</param>
    void Trim(string value, Func<T, T> part);
}
