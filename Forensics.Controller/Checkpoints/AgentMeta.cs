using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>What is read of the metadata of Jobs and agent pods. Whom they were made for is what labels, annotations and owners
/// say, which anybody who may make a Job can write.</summary>
internal sealed record AgentMeta
{
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string Uid { get; init; } = "";
    public string ResourceVersion { get; init; } = "";
    public DateTimeOffset? CreationTimestamp { get; init; }
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>The PodCheckpoint's UID that it was made for; null if it is none of ours.</summary>
    public string? CheckpointUid { get; init; }

    /// <summary>Namespace and name of the PodCheckpoint that it was made for; null if it does not say.</summary>
    public ResourceKey? Checkpoint { get; init; }

    /// <summary>The node that it is for; null if it does not say.</summary>
    public string? Node { get; init; }

    /// <summary>UID of the plan that owns it; null if it was not made from a plan of that PodCheckpoint's.</summary>
    public string? PlanUid { get; init; }

    public ResourceKey Key => new(Namespace, Name);
}
