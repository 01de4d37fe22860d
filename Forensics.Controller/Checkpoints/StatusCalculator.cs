using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>What the status says. Pure: made from what is observed, so that a controller that was just started writes the same
/// as one that saw everything. Times are cut to seconds, as everywhere in Kubernetes.</summary>
internal static class StatusCalculator
{
    /// <summary>The target cannot be captured yet, or the agent cannot start yet.</summary>
    public static PodCheckpointStatus Waiting(Observation seen, Trouble trouble)
    {
        var status = Ongoing(seen);
        return status with
        {
            Message = trouble.Message,
            Conditions = LeftTheLine(status.Conditions, trouble, Now(seen))
                .With(ConditionTypes.Waiting, true, trouble.Reason, trouble.Message, Now(seen)),
        };
    }

    /// <param name="ahead">Captures that wait ahead of it now.</param>
    public static Trouble Queued(int ahead, CaptureOptions options)
    {
        var place = ahead switch { 0 => "It is next", 1 => "1 capture waits ahead of it", _ => $"{ahead} captures wait ahead of it" };
        return new Trouble(
            Reasons.Queued,
            $"The capture is planned and waits for its turn. {place}: no more than {options.MaxCapturesPerNode} may run on a node and "
            + $"{options.MaxCaptures} in all. Do not delete the pod yet.");
    }

    /// <summary>Since when it is known that the agent cannot be started. Not since there is a plan: nobody may have tried until now.</summary>
    /// <returns>Null if that is now.</returns>
    public static DateTimeOffset? StartedToStart(Observation seen)
    {
        var waiting = seen.Status.Conditions.True(ConditionTypes.Waiting);
        if (waiting is null or { Reason: Reasons.Queued }) return null;
        var planned = seen.Plan!.Content!.CreatedAt;
        return waiting.LastTransitionTime > planned ? waiting.LastTransitionTime : planned;
    }

    // The wait for a turn may be long and ends well; what is waited for next has a time of its own.
    private static IReadOnlyList<Condition> LeftTheLine(IReadOnlyList<Condition> conditions, Trouble next, DateTimeOffset now) =>
        next.Reason != Reasons.Queued && conditions.IsTrue(ConditionTypes.Waiting, Reasons.Queued)
            ? conditions.Ending(ConditionTypes.Waiting, "TurnCame", "Its turn has come.", now)
            : conditions;

    /// <summary>The Job is there, and the agent is on its way.</summary>
    public static PodCheckpointStatus Starting(Observation seen)
    {
        var status = Ongoing(seen);
        return status with
        {
            Message = $"Starting the agent on the node '{status.NodeName}'. Do not delete the pod yet.",
            Conditions = status.Conditions.Ending(ConditionTypes.Waiting, "Starting", "The wait is over: the agent's Job was made.", Now(seen)),
        };
    }

    /// <param name="progress">The agent's last word; null if there is none or it was not asked.</param>
    public static PodCheckpointStatus Capturing(Observation seen, CaptureProgress? progress)
    {
        var status = Ongoing(seen);
        var bytes = progress?.Bytes ?? status.Bytes;
        return status with
        {
            Phase = Phase.Capturing,
            Message = $"Capturing on the node '{status.NodeName}'. Do not delete the pod yet.",
            Progress = progress ?? status.Progress,
            Bytes = bytes,
            Size = bytes is { } known ? ByteSize.Text(known) : null,
            Conditions = status.Conditions.Ending(ConditionTypes.Waiting, "Started", "The wait is over: the agent runs.", Now(seen)),
        };
    }

    public static PodCheckpointStatus Finished(Observation seen, Verdict verdict)
    {
        var (status, now, outcome) = (Ongoing(seen), Now(seen), verdict.Outcome);
        var agentEnded = seen.AgentPods.Any(pod => AgentWatch.TerminationOf(pod) is not null);
        return status with
        {
            Phase = verdict.Complete ? Phase.Complete : Phase.Failed,
            CompletionTime = now,
            SpecHash = SpecHash.Of(seen.Checkpoint.Spec),
            Active = 0,
            Succeeded = outcome is { Complete: true } ? 1 : 0,
            Failed = outcome is { Complete: true } ? 0 : Math.Max(seen.JobIsOurs ? seen.Job!.Failed : 0, agentEnded ? 1 : 0),
            Message = verdict.Message,
            ManifestSha256 = IsSha256(outcome?.ManifestSha256) ? outcome!.ManifestSha256 : null,
            Bytes = outcome?.Bytes, // Until now it was what the agent had read. How much of that is stored only it can say.
            Size = outcome is null ? null : ByteSize.Text(outcome.Bytes),
            Progress = null,
            Containers = ContainerStatuses.AtTheEnd(status.Containers, verdict),
            Conditions = status.Conditions
                .Ending(ConditionTypes.Waiting, verdict.Reason, verdict.Message, now)
                .With(verdict.Complete ? ConditionTypes.Complete : ConditionTypes.Failed, true, verdict.Reason, verdict.Message, now)
                .With(ConditionTypes.Finished, true, verdict.Reason, verdict.Message, now),
        };
    }

    /// <summary>What is known whatever comes next.</summary>
    public static PodCheckpointStatus Ongoing(Observation seen)
    {
        var (status, checkpoint, plan) = (seen.Status, seen.Checkpoint, seen.Plan?.Content);
        status = status with
        {
            StartTime = status.StartTime ?? plan?.CreatedAt ?? Now(seen),
            ObservedGeneration = checkpoint.Metadata.Generation,
            TargetNamespace = plan?.Target.Namespace ?? status.TargetNamespace ?? SpecCheck.TargetNamespace(checkpoint),
            // By the pods: the Job tells the same a moment later, and that would be another write.
            Active = seen.JobIsOurs ? seen.AgentPods.Count(pod => !AgentWatch.IsOver(pod)) : 0,
            JobName = status.JobName ?? (seen.JobIsOurs ? seen.Job?.Metadata.Name : null),
        };
        return plan is null ? status : Planned(status, plan, seen);
    }

    private static PodCheckpointStatus Planned(PodCheckpointStatus status, CapturePlan plan, Observation seen) => status with
    {
        TargetUid = plan.Target.Uid,
        NodeName = plan.Target.NodeName,
        Location = seen.Location,
        Containers = status.Containers.Count > 0 ? status.Containers : ContainerStatuses.Planned(plan),
        Conditions = CaptureDecision.SpecChanged(seen)
            ? status.Conditions.With(ConditionTypes.SpecChanged, true, Reasons.SpecChanged, SpecChangedMessage, Now(seen))
            : status.Conditions.Ending(ConditionTypes.SpecChanged, "SpecRestored", "The spec is again the one that the capture answers.", Now(seen)),
    };

    private const string SpecChangedMessage =
        "The spec was changed after the capture was planned. The capture goes on as planned and will not be Complete; apply a new PodCheckpoint instead.";

    /// <summary>Of one that is final: how it ended stays, and what came too late is said to have no effect. (A time to live has.)</summary>
    public static PodCheckpointStatus Disregarded(Observation seen)
    {
        var (status, hash) = (seen.Status, SpecHash.Of(seen.Checkpoint.Spec));
        return status with
        {
            ObservedGeneration = seen.Checkpoint.Metadata.Generation,
            SpecHash = hash,
            Conditions = status.SpecHash == hash
                ? status.Conditions
                : status.Conditions.With(ConditionTypes.SpecChanged, true, Reasons.SpecChanged, ChangedTooLateMessage, Now(seen)),
        };
    }

    private const string ChangedTooLateMessage =
        "The spec was changed after the capture had ended, and nothing comes of that: a PodCheckpoint is taken up once. "
        + "To capture again, delete it and apply it again, or apply one of another name.";

    private static DateTimeOffset Now(Observation seen) => DateTimeOffset.FromUnixTimeSeconds(seen.Now.ToUnixTimeSeconds());

    // The hash comes from the suspect node and goes to people's terminals and scripts.
    private static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}
