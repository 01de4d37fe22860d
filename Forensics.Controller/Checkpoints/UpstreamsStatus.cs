using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>What the original controller (keikoproj/kube-forensics) left in a PodCheckpoint. It had no phase and no generation, and
/// wrote a condition only where the target was not there; of all other captures it noted the times and the Job's counts.</summary>
internal static class UpstreamsStatus
{
    /// <summary>True if it had begun the capture.</summary>
    public static bool HasBegun(PodCheckpointStatus status) => status is { StartTime: not null, ObservedGeneration: null };

    public static bool IsFinal(PodCheckpointStatus status) =>
        status.Conditions.IsTrue(ConditionTypes.Complete) || status.Conditions.IsTrue(ConditionTypes.Failed)
        || (HasBegun(status) && (status.CompletionTime is not null || (status.Active == 0 && (status.Succeeded > 0 || status.Failed > 0))));
}
