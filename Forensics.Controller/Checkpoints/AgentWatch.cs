using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>How the agent does, as Job and pod show it.</summary>
internal abstract record AgentState
{
    private AgentState()
    {
    }

    public sealed record NotStarted(AgentPod? Pod) : AgentState;

    public sealed record Running(AgentPod Pod) : AgentState;

    /// <summary>One of the two caches is behind the other, or a deleted pod may yet be replaced.</summary>
    public sealed record Settling : AgentState;

    public sealed record Ended(Verdict Verdict) : AgentState;
}

/// <summary>Reads Job and agent pods. Pure; the plan must be there and the Job must be ours.</summary>
internal static class AgentWatch
{
    // How long the pod's cache may take to show what the Job already counted, and the kubelet to finish a deleted pod.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    // The Job controller ends an overdue Job within seconds. It cannot where the node is dead and the pod never goes.
    private static readonly TimeSpan Overtime = TimeSpan.FromMinutes(2);

    public static AgentState Of(Observation seen, CaptureOptions options)
    {
        var pods = seen.AgentPods.DistinctBy(pod => pod.Metadata.Uid).ToList();
        if (pods.Count > 1 || IsAnother(pods.FirstOrDefault(), seen)) return Ended(AgentVerdict.Replaced(seen));
        return pods.Count == 0 ? WithoutPod(seen, options) : WithPod(pods[0], seen, options);
    }

    /// <summary>The condition that ended the Job; null while it goes on.</summary>
    public static AgentJobEnd? EndOf(AgentJob job) => job.End;

    /// <summary>How the agent's container ended; null if it has not.</summary>
    public static AgentEnd? TerminationOf(AgentPod pod) => AgentStatusOf(pod)?.Terminated;

    public static AgentContainer? AgentStatusOf(AgentPod pod) => pod.Container;

    /// <summary>True unless the Job has ended or its one pod has: an agent works, or the Job may start one.</summary>
    public static bool MayStillRun(AgentJob job, IReadOnlyList<AgentPod> pods) => EndOf(job) is null && !(pods is [var only] && IsOver(only));

    private static AgentState WithPod(AgentPod pod, Observation seen, CaptureOptions options)
    {
        if (IsOver(pod)) return Over(pod, seen);
        if (seen.JobEnded && Elapsed(EndOf(seen.Job!)!.LastTransitionTime, seen) < SettleTime) return new AgentState.Settling();
        if (seen.JobEnded) return EndedByAbsence(AgentVerdict.WithoutOutcome(pod, seen));
        if (IsOverdue(seen, options)) return EndedByAbsence(AgentVerdict.DeadlineExceeded(seen));
        return AgentStatusOf(pod)?.Running == true ? new AgentState.Running(pod) : new AgentState.NotStarted(pod);
    }

    private static AgentState WithoutPod(Observation seen, CaptureOptions options)
    {
        if (seen.JobEnded)
        {
            var settled = Elapsed(EndOf(seen.Job!)!.LastTransitionTime, seen) >= SettleTime;
            return settled ? EndedByAbsence(AgentVerdict.WithoutOutcome(null, seen)) : new AgentState.Settling();
        }

        // It had a pod and has none: whatever the Job does next, it would be a second agent.
        if (seen.Status.Location is not null) return EndedByAbsence(AgentVerdict.Replaced(seen));
        return IsOverdue(seen, options) ? EndedByAbsence(AgentVerdict.DeadlineExceeded(seen)) : new AgentState.NotStarted(null);
    }

    private static AgentState Over(AgentPod pod, Observation seen)
    {
        var outcome = CaptureOutcome.FromTerminationMessage(TerminationOf(pod)?.Message);
        var wasStopped = outcome is null or { Reason: Reasons.Cancelled };

        // A pod that was deleted: if for the Job's deadline, the Job will say so; if by somebody, the Job makes another.
        var mayBeReplaced = wasStopped && pod.Metadata.DeletionTimestamp is { } deleted && Elapsed(deleted, seen) < SettleTime;
        if (mayBeReplaced && !seen.JobEnded) return new AgentState.Settling();
        if (TerminationOf(pod) is { HadWords: true }) return EndedByAbsence(AgentVerdict.WithoutOutcome(pod, seen));
        if (outcome is null) return Ended(AgentVerdict.WithoutOutcome(pod, seen));
        return Ended(wasStopped && HasFailed(seen.Job!, "DeadlineExceeded") ? AgentVerdict.DeadlineExceeded(seen, outcome) : AgentVerdict.Of(outcome, pod, seen));
    }

    /// <summary>Its container has ended, or never will start.</summary>
    public static bool IsOver(AgentPod pod) => TerminationOf(pod) is not null || pod.Phase is "Failed" or "Succeeded";

    // The status remembers the folder of the first agent pod, and with it the pod.
    private static bool IsAnother(AgentPod? pod, Observation seen) =>
        pod is not null && seen.Status.Location is { } location
        && location != EvidenceNames.Location(seen.Plan!.Content!, pod.Metadata.Uid);

    private static bool IsOverdue(Observation seen, CaptureOptions options) =>
        Elapsed(seen.Job!.DueTime(options.CaptureDeadline), seen) > Overtime;

    private static bool HasFailed(AgentJob job, string reason) => EndOf(job) is { Type: "Failed" } end && end.Reason == reason;

    private static TimeSpan Elapsed(DateTimeOffset? since, Observation seen) =>
        since is { } then ? seen.Now - then : TimeSpan.MaxValue;

    private static AgentState.Ended Ended(Verdict verdict) => new(verdict);

    // A pod without an end, or no pod, may only mean that the pods' cache stands still; one without words, that it let go of them
    // when the status had said them, which somebody has taken back since.
    private static AgentState.Ended EndedByAbsence(Verdict verdict) => new(verdict with { RestsOnAbsence = true });
}
