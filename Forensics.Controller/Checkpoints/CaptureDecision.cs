using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Decides, from what is observed and nothing else, what comes next. Any reconcile may be the first after a crash, so
/// nothing here depends on what was done before, only on what the cluster shows of it.</summary>
internal static class CaptureDecision
{
    // Nobody tells when a target is ready, or when the cluster would take what it refused.
    private static readonly TimeSpan TargetInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartInterval = TimeSpan.FromSeconds(10);

    private enum Request
    {
        Open,

        /// <summary>Somebody deletes the PodCheckpoint, and another's finalizer keeps it.</summary>
        Withdrawn,
        Final,
    }

    private enum Plan
    {
        None,
        Foreign,
        Ours,
    }

    private enum Job
    {
        None,

        /// <summary>There was one, and what has its name now, if anything, is not it.</summary>
        Deleted,
        Foreign,
        Ours,
    }

#pragma warning disable CS8524 // No value of these enums is without a name; that no row is missing is the compiler's to see (CS8509).
    /// <summary>The state machine, row by row. The target counts until there is a plan (<see cref="Unplanned"/>): after that nothing is
    /// asked of it.</summary>
    public static CaptureStep Of(Observation seen, CaptureOptions options) => (RequestOf(seen), PlanOf(seen), JobOf(seen)) switch
    {
        // (request, plan, Job) => what comes next
        (Request.Final, _, _) => Afterwards(seen, options),
        (Request.Withdrawn, Plan.Ours, _) => new CaptureStep.CleanUp(),
        (Request.Withdrawn, _, Job.Ours) => new CaptureStep.CleanUp(),
        (Request.Withdrawn, _, _) => new CaptureStep.Leave(null),
        (Request.Open, Plan.None, Job.None or Job.Foreign) => Unplanned(seen, options),
        (Request.Open, Plan.None, Job.Deleted or Job.Ours) => Finish(NoAgentVerdict.PlanDeleted(seen)),
        (Request.Open, Plan.Foreign, _) => Finish(NoAgentVerdict.NameTaken("ConfigMap", seen, options)),
        (Request.Open, Plan.Ours, Job.None) when seen.Refusal is not null => AwaitStart(seen, options),
        (Request.Open, Plan.Ours, Job.None) when seen.HasTurn => new CaptureStep.StartAgent(),
        (Request.Open, Plan.Ours, Job.None) => new CaptureStep.AwaitTurn(),
        (Request.Open, Plan.Ours, Job.Deleted) => Finish(NoAgentVerdict.JobDeleted(seen)),
        (Request.Open, Plan.Ours, Job.Foreign) => Finish(NoAgentVerdict.NameTaken("Job", seen, options)),
        (Request.Open, Plan.Ours, Job.Ours) => FromAgent(seen, options),
    };
#pragma warning restore CS8524

    private static Request RequestOf(Observation seen) =>
        seen.Finished ? Request.Final : seen.DeletionRequested ? Request.Withdrawn : Request.Open;

    private static Plan PlanOf(Observation seen) =>
        seen.Plan is null ? Plan.None : seen.Plan.Content is null ? Plan.Foreign : Plan.Ours;

    private static Job JobOf(Observation seen) =>
        seen.JobIsOurs ? Job.Ours : seen.JobWasThere ? Job.Deleted : seen.Job is null ? Job.None : Job.Foreign;

    private static CaptureStep FromAgent(Observation seen, CaptureOptions options) => AgentWatch.Of(seen, options) switch
    {
        AgentState.Ended ended => Finish(HeldAgainstSpec(ended.Verdict, seen)),
        AgentState.Running running => new CaptureStep.FollowAgent(running.Pod),
        AgentState.NotStarted waiting => new CaptureStep.AwaitAgent(waiting.Pod, seen.JobCreatedAt + options.AgentStartTimeout - seen.Now),
        AgentState.Settling => new CaptureStep.Settle(),
        var unknown => throw new InvalidOperationException($"No step is known for {unknown}."),
    };

    private static CaptureStep Unplanned(Observation seen, CaptureOptions options)
    {
        if (UpstreamsStatus.HasBegun(seen.Status)) return Finish(NoAgentVerdict.BegunUpstream(seen));
        if (SpecCheck.Of(seen.Checkpoint.Spec, options) is { } trouble) return Finish(Verdict.Of(trouble));
        return (seen.Target, seen.Refusal) switch
        {
            // (target, what the cluster has just refused) => what comes next
            (null, _) => new CaptureStep.Begin(),
            (TargetState.Never never, _) => Finish(Verdict.Of(never.Trouble)),
            (TargetState.NotYet notYet, _) => AwaitTarget(notYet.Trouble, seen, options),
            (TargetState.Ready, { } refusal) => AwaitTarget(refusal, seen, options),
            (TargetState.Ready ready, null) => new CaptureStep.WritePlan(ready),
            (var unknown, _) => throw new InvalidOperationException($"No step is known for {unknown}."),
        };
    }

    private static CaptureStep AwaitTarget(Trouble trouble, Observation seen, CaptureOptions options) =>
        Await(trouble, seen.Status.StartTime, options.TargetTimeout, TargetInterval, seen);

    private static CaptureStep AwaitStart(Observation seen, CaptureOptions options) =>
        Await(seen.Refusal!, StatusCalculator.StartedToStart(seen), options.AgentStartTimeout, StartInterval, seen);

    // The trouble is the end of it when the timeout has passed since then (null: since now).
    private static CaptureStep Await(Trouble trouble, DateTimeOffset? since, TimeSpan timeout, TimeSpan interval, Observation seen)
    {
        var left = (since ?? seen.Now) + timeout - seen.Now;
        return left <= TimeSpan.Zero ? Finish(Verdict.Of(trouble)) : new CaptureStep.Await(trouble, left < interval ? left : interval);
    }

    private static CaptureStep Afterwards(Observation seen, CaptureOptions options)
    {
        var untilExpiry = UntilExpiry(seen);
        if (untilExpiry <= TimeSpan.Zero) return new CaptureStep.Expire();
        if (ChangedSinceTheEnd(seen)) return new CaptureStep.Disregard();
        if (!seen.JobIsOurs) return new CaptureStep.Leave(untilExpiry);

        // One that has not ended after a failure may still start an agent, or a second one. One made after the end is a late request
        // of a leader that was paused: it has no log that anybody needs. (Once it has ended it may as well have been made before:
        // these are two clocks, of the API server and of this process.)
        var madeTooLate = seen.Job!.Metadata.CreationTimestamp > seen.Status.CompletionTime;
        if (AgentWatch.MayStillRun(seen.Job, seen.AgentPods)) return new CaptureStep.CleanUp { IfStillRunning = !madeTooLate };

        var keep = seen.Status.Phase == Phase.Complete ? options.KeepComplete : options.KeepFailed;
        var left = (seen.Status.CompletionTime ?? seen.Now) + keep - seen.Now;
        if (left <= TimeSpan.Zero) return new CaptureStep.CleanUp();
        return new CaptureStep.Leave(untilExpiry < left ? untilExpiry : left);
    }

    /// <summary>How long the PodCheckpoint is still to be there; null if until somebody deletes it.</summary>
    private static TimeSpan? UntilExpiry(Observation seen) =>
        seen is { DeletionRequested: false, Status.CompletionTime: { } ended, Checkpoint.Spec.TtlSecondsAfterFinished: >= 0 and var ttl }
            ? ended + TimeSpan.FromSeconds(ttl) - seen.Now
            : null;

    // The capture went on as planned, but what a reader of the spec now expects was not captured: never Complete.
    private static Verdict HeldAgainstSpec(Verdict verdict, Observation seen)
    {
        if (verdict.Outcome is null || !SpecChanged(seen)) return verdict;
        var (plan, whole) = (seen.Plan!.Content!, verdict.Complete ? "Its evidence is whole." : "Its evidence is not whole.");
        return verdict with
        {
            Reason = Reasons.SpecChanged,
            Message = $"The spec was changed after the capture was planned. Captured was the pod '{plan.Target.Pod}' in '{plan.Target.Namespace}'. {whole} {verdict.Message}",
        };
    }

    /// <summary>True if the spec is not the one that the plan answers.</summary>
    public static bool SpecChanged(Observation seen) =>
        seen.Plan?.Content is { } plan && plan.SpecHash != SpecHash.Of(seen.Checkpoint.Spec);

    // Of one that an earlier version or the original finished it is not known.
    private static bool ChangedSinceTheEnd(Observation seen) =>
        seen is { DeletionRequested: false, Status.SpecHash: not null } && seen.Checkpoint.Metadata.Generation > seen.Status.ObservedGeneration;

    private static CaptureStep.Finish Finish(Verdict verdict) => new(verdict);
}
