namespace Forensics.Controller.Informers;

/// <summary>What the process needs of an informer, whatever its type of object.</summary>
internal interface IInformer
{
    string Name { get; }

    /// <summary>Done once the first lists are in the store and their keys were told (which a standby passes over: see
    /// <see cref="TellAll"/>). Workers start after that.</summary>
    Task Synced { get; }

    bool HasSynced { get; }

    /// <summary>What keeps it from the API server, for a person; null while all is well.</summary>
    string? Problem { get; }

    /// <summary>Tells the keys of all that it holds.</summary>
    void TellAll();

    /// <summary>Lists, watches and resyncs until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
