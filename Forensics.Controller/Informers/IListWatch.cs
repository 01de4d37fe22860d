namespace Forensics.Controller.Informers;

/// <summary>Lists the objects of one type, in one namespace or all, and watches them from there on.</summary>
internal interface IListWatch<T>
{
    /// <summary>What is listed and where, for people: <c>pods in namespace forensics-workers</c>.</summary>
    string Description { get; }

    /// <summary>Null means all namespaces.</summary>
    string? Namespace { get; }

    /// <summary>All objects as of <paramref name="resourceVersion"/> or later; "0" means any state that the server has at hand,
    /// "" the newest.</summary>
    /// <exception cref="ApiStatusException">The API server refused.</exception>
    Task<ResourceList<T>> ListAsync(string resourceVersion, CancellationToken cancellationToken);

    /// <summary>Everything that happens after <paramref name="resourceVersion"/>. Ends in peace after some minutes.</summary>
    /// <exception cref="ApiStatusException">The API server refused, at the start or in the middle of the stream.</exception>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, CancellationToken cancellationToken);
}

/// <summary>Objects, and the version of the whole collection that they are as of: watch from there.</summary>
internal sealed record ResourceList<T>(IReadOnlyList<T> Items, string ResourceVersion);

/// <summary>One line of a watch. A bookmark carries no object, only how far the stream has come.</summary>
internal readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, string ResourceVersion);

internal enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
}
