namespace Forensics.Controller.Informers;

/// <summary>An informer's cache, as those see it who decide by it. What it says may be old, or only a part of what was; that something
/// is not in it proves nothing.</summary>
internal interface IStore<T>
    where T : class
{
    T? Get(ResourceKey key);

    /// <summary>All objects whose index value (see the informer's wiring; for Jobs and pods the PodCheckpoint's UID) is this.</summary>
    IReadOnlyList<T> Indexed(string value);

    IReadOnlyList<T> List();

    /// <summary>All objects that meet a condition, which is asked of each and must be quick.</summary>
    IReadOnlyList<T> Where(Func<T, bool> condition);

    /// <summary>Lets go of what will not be asked for again of the objects with this index value. Nobody's key is told for that. An
    /// object's next version brings all of it again.</summary>
    /// <param name="part">Leaves key, resourceVersion and index value as they are.</param>
    void Trim(string value, Func<T, T> part);
}
