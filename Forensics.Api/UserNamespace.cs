namespace Forensics.Api;

/// <summary>How the ids within a container's user namespace are ids of the node.</summary>
public sealed record UserNamespace
{
    public IReadOnlyList<IdMapping> UidMap { get; init; } = [];
    public IReadOnlyList<IdMapping> GidMap { get; init; } = [];
}

/// <summary>A range of ids: its first within the container is its first on the node, and so on.</summary>
public sealed record IdMapping
{
    public long ContainerId { get; init; }
    public long HostId { get; init; }

    /// <summary>How many ids; null where the runtime does not say.</summary>
    public long? Size { get; init; }
}
