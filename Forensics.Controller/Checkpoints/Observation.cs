using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>All that a decision about one PodCheckpoint is made from.</summary>
internal sealed record Observation
{
    public required PodCheckpoint Checkpoint { get; init; }

    /// <summary>True if the PodCheckpoint was read live. Of one that has ended, a cache has only a part (<see cref="EndedCheckpoint"/>).</summary>
    public bool IsLive { get; init; }

    /// <summary>Read live whenever it was not seen before; once seen it cannot change.</summary>
    public StoredPlan? Plan { get; init; }

    /// <summary>The Job with the capture's name, whoever made it.</summary>
    public AgentJob? Job { get; init; }

    public IReadOnlyList<AgentPod> AgentPods { get; init; } = [];

    /// <summary>True if the limits let its agent start. Asked for only where one is to be started.</summary>
    public bool HasTurn { get; init; }

    /// <summary>Null if it was not looked at: it counts only where a plan is to be made.</summary>
    public TargetState? Target { get; init; }

    /// <summary>Why plan or Job could not be made just now. Null if they could, or it was not tried.</summary>
    public Trouble? Refusal { get; init; }

    /// <summary>True if events speak of a Job that no status names. Asked for only where one is to be made.</summary>
    public bool JobLeftTraces { get; init; }

    public required DateTimeOffset Now { get; init; }

    public ResourceKey Key => CaptureIdentity.KeyOf(Checkpoint);

    /// <summary>The status so far; an empty one if there is none, and only a part where a cache has it and the capture has ended.</summary>
    public PodCheckpointStatus Status => Checkpoint.Status ?? new PodCheckpointStatus();

    public bool Finished => IsFinal(Checkpoint);

    /// <summary>Never changes again.</summary>
    public static bool IsFinal(PodCheckpoint checkpoint) => checkpoint.Status is { } status
        && (status.Phase is Phase.Complete or Phase.Failed || UpstreamsStatus.IsFinal(status));

    /// <summary>By its labels, which anybody can copy, and by the plan that owns it.</summary>
    public bool JobIsOurs => Job?.Metadata is { PlanUid: { } owner } meta && meta.CheckpointUid == Checkpoint.Metadata.Uid
        && (Plan is null || owner == Plan.Uid);

    /// <summary>The evidence folder, as it was first known; null if no agent's pod was ever seen.</summary>
    public string? Location => Status.Location
        ?? (Plan?.Content is { } plan && AgentPods.MinBy(pod => pod.Metadata.CreationTimestamp) is { } first ? EvidenceNames.Location(plan, first.Metadata.Uid) : null);

    /// <summary>Whether there ever was a Job, as far as is known. It is written into the status only once the API server has confirmed the Job, so a
    /// Job that is missing then was deleted by somebody, and is never made again. docs/decisions/one-job-once.md tells the rest of the story.</summary>
    public bool JobWasThere => JobLeftTraces || !string.IsNullOrEmpty(Status.JobName);

    public bool DeletionRequested => Checkpoint.Metadata.DeletionTimestamp is not null;
    public DateTimeOffset JobCreatedAt => Job?.Metadata.CreationTimestamp ?? Now;
    public bool JobEnded => Job is not null && AgentWatch.EndOf(Job) is not null;
}
