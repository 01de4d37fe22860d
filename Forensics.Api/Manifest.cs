namespace Forensics.Api;

/// <summary>manifest.json, written last: the commit point of an evidence folder. It says what was captured, when, by which
/// versions, from which node and container, with sizes and hashes, and what is missing and why.</summary>
public sealed record Manifest
{
    public int Version { get; init; } = 1;
    public PodCheckpointReference? PodCheckpoint { get; init; }
    public CaptureTarget Target { get; init; } = new();
    public AgentIdentity Agent { get; init; } = new();
    public string? ControllerVersion { get; init; }
    public RuntimeIdentity? Runtime { get; init; }

    /// <summary>The plan's time, which names the folder; the other times are the node's clock.</summary>
    public DateTimeOffset PlannedAt { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset FinishedAt { get; init; }
    public string Location { get; init; } = "";
    public bool Complete { get; init; }

    /// <summary>Null when complete.</summary>
    public string? Reason { get; init; }

    /// <summary>What is missing and why, a line each; empty when complete.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>SHA-256 of SHA256SUMS in lower-case hex.</summary>
    public string? Sha256SumsSha256 { get; init; }

    /// <summary>Artifacts of the pod as a whole.</summary>
    public IReadOnlyList<ArtifactRecord> Artifacts { get; init; } = [];
    public IReadOnlyList<ContainerRecord> Containers { get; init; } = [];
}

public sealed record AgentIdentity
{
    public string Version { get; init; } = "";
    public string? PodName { get; init; }
    public string? PodUid { get; init; }
    public string? NodeName { get; init; }
    public string? Host { get; init; }
    public string? Kernel { get; init; }
}

public sealed record RuntimeIdentity
{
    public string Name { get; init; } = "";
    public string? Version { get; init; }
    public string? ApiVersion { get; init; }
    public string? OperatingSystem { get; init; }
    public string? Kernel { get; init; }
    public string? StorageDriver { get; init; }
}

public sealed record ContainerRecord
{
    public string Name { get; init; } = "";
    public ContainerKind Kind { get; init; }
    public string? Runtime { get; init; }

    /// <summary>The runtime's full id; null if the container never started.</summary>
    public string? Id { get; init; }
    public string? Image { get; init; }
    public string? ImageId { get; init; }

    /// <summary>True for the instance before the current one (crash loops).</summary>
    public bool Previous { get; init; }

    /// <summary>Null if it has none of its own, or the runtime does not say.</summary>
    public UserNamespace? UserNamespace { get; init; }
    public CaptureState State { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public long Bytes { get; init; }
    public IReadOnlyList<ArtifactRecord> Artifacts { get; init; } = [];
}

public sealed record ArtifactRecord
{
    /// <summary>Object name below the folder.</summary>
    public string Name { get; init; } = "";

    /// <summary>inspect, logs, history, diff, changes, export, notes, inventory, bodyfile, volume, shm, describe, pod or capture.</summary>
    public string Type { get; init; } = "";
    public CaptureState State { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }

    /// <summary>How a file system was read; null for what is none.</summary>
    public ExportMethod? Method { get; init; }

    /// <summary>Why it was not read in the other way, or what that way lacks; null if there is nothing to tell.</summary>
    public string? MethodReason { get; init; }

    /// <summary>What became of each entry that was met; null where only the runtime knows.</summary>
    public EntryTally? Tally { get; init; }

    /// <summary>Null for what is stored as it is.</summary>
    public CompressionKind? Compression { get; init; }

    /// <summary>Of what was compressed, before; null for what is stored as it is.</summary>
    public long? UncompressedBytes { get; init; }
    public string? UncompressedSha256 { get; init; }

    /// <summary>Bytes stored; null if nothing was.</summary>
    public long? Bytes { get; init; }

    /// <summary>Of the stored bytes, lower-case hex; null if nothing was stored.</summary>
    public string? Sha256 { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Entries of an archive; null for what is none.</summary>
    public long? Entries { get; init; }

    /// <summary>Paths (escaped as in diff.txt) that changed while they were read. They leave the artifact Captured.</summary>
    public IReadOnlyList<string> ChangedWhileRead { get; init; } = [];

    /// <summary>Paths (escaped) that are known to be there and that could not be read. They make the artifact Partial.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Set if the two lists above were cut at their bound; the total of both.</summary>
    public int? PathsInAll { get; init; }
}

/// <summary>What became of each entry of a file system: each is in exactly one of these.</summary>
public sealed record EntryTally
{
    /// <summary>In the archive, whole.</summary>
    public long Captured { get; init; }

    /// <summary>In the archive, with something missing.</summary>
    public long Partial { get; init; }

    /// <summary>Not in the archive: it could not be read.</summary>
    public long Failed { get; init; }

    /// <summary>Not in the archive, by a rule that docs/evidence.md states.</summary>
    public long Skipped { get; init; }

    /// <summary>Listed, and gone when it was to be read.</summary>
    public long Vanished { get; init; }
}

/// <summary>capture.json, the very first object: who asks for what, when.</summary>
public sealed record CaptureRequest
{
    public int Version { get; init; } = 1;
    public PodCheckpointReference? PodCheckpoint { get; init; }
    public CaptureTarget Target { get; init; } = new();
    public AgentIdentity Agent { get; init; } = new();
    public string? ControllerVersion { get; init; }
    public DateTimeOffset PlannedAt { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public string Location { get; init; } = "";
    public IReadOnlyList<PlannedContainer> Containers { get; init; } = [];
}
