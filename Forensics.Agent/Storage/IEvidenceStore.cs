namespace Forensics.Agent.Storage;

/// <summary>One evidence folder, written once. The contract, which one conformance suite holds every implementation to:
/// <list type="bullet">
/// <item>An object is there whole, after <see cref="IEvidenceWriter.CommitAsync"/>, or not at all.</item>
/// <item>Nothing is ever overwritten: an object of that name that is there already makes the commit (or an earlier call) fail
/// with <see cref="Api.Reasons.ObjectExists"/> and stays as it is.</item>
/// <item>A writer disposed without a commit leaves nothing behind, also when its caller was cancelled.</item>
/// <item>Memory is bounded whatever the object's length; a slow store slows its writer down.</item>
/// <item>Every failure of the store is a <see cref="StoreException"/>; transient ones have been retried by then.</item>
/// </list></summary>
internal interface IEvidenceStore : IDisposable
{
    /// <summary>The folder's address with a slash at its end.</summary>
    string Location { get; }

    /// <summary>Opens a new object. Several writers may be open, but no two of one name.</summary>
    /// <param name="name">One segment: no slash, and neither <c>.</c> nor <c>..</c>.</param>
    Task<IEvidenceWriter> CreateAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Takes one object's bytes. Used by one caller at a time.</summary>
internal interface IEvidenceWriter : IAsyncDisposable
{
    /// <summary>Appends. The memory is the caller's again when the task ends.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes the object appear. Nothing can be written after it.</summary>
    Task CommitAsync(CancellationToken cancellationToken);
}
