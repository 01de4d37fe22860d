using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Decides, from what is observed and nothing else, what comes next. Any reconcile may be the first after a crash, so
/// nothing here depends on what was done before, only on what the cluster shows of it.</summary>
internal static class CaptureDecision
{
    public static CaptureStep Of(Observation seen, CaptureOptions options) => seen switch
    {
        { Finished: true } => Afterwards(seen, options),
        { DeletionRequested: true } => seen.Plan?.Content is null && !seen.JobIsOurs ? new CaptureStep.Leave(null) : new CaptureStep.CleanUp(),
        { Plan: null } => Unplanned(seen, options),
        { Plan.Content: null } => Finish(NameTaken("ConfigMap", seen, options)),
        { Job: null, JobWasThere: true } => Finish(JobDeleted(seen)),
        { Job: null } => seen.HasTurn ? new CaptureStep.StartAgent() : new CaptureStep.AwaitTurn(),
        { JobIsOurs: false } => Finish(NameTaken("Job", seen, options)),
        _ => FromAgent(seen, options),
    };

    private static CaptureStep FromAgent(Observation seen, CaptureOptions options) => AgentWatch.Of(seen, options) switch
    {
        AgentState.Ended ended => Finish(HeldAgainstSpec(ended.Verdict, seen)),
        AgentState.Running running => new CaptureStep.FollowAgent(running.Pod),
        AgentState.NotStarted waiting => new CaptureStep.AwaitAgent(waiting.Pod, seen.Now - seen.JobCreatedAt >= options.AgentStartTimeout),
        AgentState.Settling => new CaptureStep.Settle(),
        var unknown => throw new InvalidOperationException($"No step is known for {unknown}."),
    };

    private static CaptureStep Unplanned(Observation seen, CaptureOptions options)
    {
        if (seen.JobWasThere || seen.JobIsOurs) return Finish(PlanDeleted(seen));
        return SpecCheck.Of(seen.Checkpoint.Spec, options) is { } trouble ? Finish(Verdict.Of(trouble)) : new CaptureStep.Begin();
    }

    private static CaptureStep Afterwards(Observation seen, CaptureOptions options)
    {
        if (!seen.JobIsOurs) return new CaptureStep.Leave(null);

        // A Job made after the end is a late request of a leader that was paused; one that has not ended after a failure may
        // still start an agent, or a second one. Neither has a log that anybody needs.
        var madeTooLate = seen.Job!.Metadata.CreationTimestamp > seen.Status.CompletionTime;
        if (madeTooLate || AgentWatch.MayStillRun(seen.Job, seen.AgentPods)) return new CaptureStep.CleanUp { IfStillRunning = !madeTooLate };

        var keep = seen.Status.Phase == Phase.Complete ? options.KeepComplete : options.KeepFailed;
        var left = (seen.Status.CompletionTime ?? seen.Now) + keep - seen.Now;
        return left > TimeSpan.Zero ? new CaptureStep.Leave(left) : new CaptureStep.CleanUp();
    }

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

    private static CaptureStep.Finish Finish(Verdict verdict) => new(verdict);

    private static Verdict NameTaken(string kind, Observation seen, CaptureOptions options) => new(
        Reasons.NameTaken,
        $"There is a {kind} '{CaptureIdentity.NameOf(seen.Checkpoint)}' in '{options.WorkerNamespace}' that this controller did not make, so it was "
        + "left alone and no agent was started. Find out who made it, remove it, and apply the PodCheckpoint again under another name.");

    public static Verdict JobDeleted(Observation seen) => new(
        Reasons.JobDeleted,
        $"The Job was deleted while the agent had not finished; it is not made again, so that nothing is collected twice. {Evidence(seen)}")
    {
        RestsOnAbsence = true,
    };

    private static Verdict PlanDeleted(Observation seen) => new(
        Reasons.JobDeleted,
        $"The plan of this capture was deleted, and its Job with it; neither is made again, so that nothing is collected twice. {Evidence(seen)}")
    {
        RestsOnAbsence = true,
    };

    // That no agent was seen proves nothing: one may have worked while no controller looked.
    private static string Evidence(Observation seen) => (seen.Location, seen.Plan?.Content) switch
    {
        ({ } location, _) => $"What was stored until then stays in {location}; without a manifest.json there it is not whole.",
        (_, { } plan) => "No agent was seen at work; if one was, its folder's name begins with "
            + $"{plan.Destination}/{EvidenceNames.Folder(plan.CreatedAt, plan.Target.Namespace, plan.Target.Pod, "")}",
        _ => "No evidence folder is known.",
    };
}
