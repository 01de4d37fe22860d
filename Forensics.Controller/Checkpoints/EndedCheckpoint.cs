using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>What the cache keeps of a PodCheckpoint that has ended. Most of them have, for months; a status is written of these
/// only after a live read, so that most of what it says need not be held.</summary>
internal static class EndedCheckpoint
{
    private static readonly PodCheckpointSpec Nothing = new();

    /// <summary>All of one that goes on, or that the original ended, whose status tells it by other fields.</summary>
    public static PodCheckpoint PartOf(PodCheckpoint checkpoint) => checkpoint.Status is not { Phase: Phase.Complete or Phase.Failed } status
        ? checkpoint
        : checkpoint with
        {
            Spec = checkpoint.Spec.TtlSecondsAfterFinished is { } ttl ? new PodCheckpointSpec { TtlSecondsAfterFinished = ttl } : Nothing,
            Status = new PodCheckpointStatus
            {
                Phase = status.Phase,
                CompletionTime = status.CompletionTime,
                ObservedGeneration = status.ObservedGeneration,
                SpecHash = status.SpecHash,
            },
        };
}
