using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Checkpoints.Limits;
using Forensics.Controller.Informers;
using Forensics.Controller.Reconciling;

namespace Forensics.Controller.Checkpoints;

/// <summary>The story of a capture: observe, decide (<see cref="CaptureDecision"/>, pure), do the one next thing. Level-triggered:
/// every call may be the first after a crash. Plan, then Job, then status; each step is taken once however often it is tried.</summary>
internal sealed class PodCheckpointReconciler(
    IStore<PodCheckpoint> checkpoints,
    CaptureObserver observer,
    TargetObserver targets,
    CapturePlanner planner,
    AgentStarter starter,
    Sweeper sweeper,
    CaptureTurns turns,
    EventRecorder events,
    CaptureMemory memory,
    IClusterApi api,
    ICaptureMetrics metrics,
    CaptureOptions options,
    ILogger<PodCheckpointReconciler> log) : IReconciler
{
    // What keeps an agent from starting shows only when one looks.
    private static readonly TimeSpan DiagnosisInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public async Task<Result> ReconcileAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await ReconcileOnceAsync(key, cancellationToken);
        }
        finally
        {
            turns.Review(key);
        }
    }

    private async Task<Result> ReconcileOnceAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        if (checkpoints.Get(key) is not { } checkpoint)
        {
            await sweeper.SweepAsync(key, cancellationToken);
            return Result.Done;
        }

        var seen = await observer.ObserveAsync(checkpoint, cancellationToken);
        var step = CaptureDecision.Of(seen, options);
        if (step.NeedsProof)
        {
            if (await observer.ObserveLiveAsync(seen, cancellationToken) is not { } live) return Result.Done;
            (seen, step) = (live, CaptureDecision.Of(live, options));
        }

        return await ActAsync(step, seen, cancellationToken);
    }

    private Task<Result> ActAsync(CaptureStep step, Observation seen, CancellationToken cancellationToken) => step switch
    {
        { NeedsProof: true } when !seen.IsLive => throw new InvalidOperationException($"{step.GetType().Name} rests on what only a cache says."),
        CaptureStep.Begin => BeginAsync(seen, cancellationToken),
        CaptureStep.WritePlan writing => WritePlanAsync(seen, writing.Target, cancellationToken),
        CaptureStep.Await waiting => WaitAsync(seen, waiting.Trouble, waiting.TryAgainAfter, cancellationToken),
        CaptureStep.AwaitTurn => AwaitTurnAsync(seen, cancellationToken),
        CaptureStep.StartAgent => StartAgentAsync(seen, cancellationToken),
        CaptureStep.AwaitAgent awaiting => AwaitAgentAsync(seen, awaiting, cancellationToken),
        CaptureStep.FollowAgent following => FollowAgentAsync(seen, following.Pod, cancellationToken),
        CaptureStep.Settle => SettleAsync(seen, cancellationToken),
        CaptureStep.Finish finish => FinishAsync(seen, finish.Verdict, cancellationToken),
        CaptureStep.Expire => ExpireAsync(seen, cancellationToken),
        CaptureStep.Disregard => DisregardAsync(seen, cancellationToken),
        CaptureStep.CleanUp => CleanUpAsync(seen, cancellationToken),
        CaptureStep.Leave { KeepFor: { } keep } => Task.FromResult(Result.After(keep)),
        CaptureStep.Leave => Task.FromResult(Result.Done),
        _ => throw new InvalidOperationException($"Nothing is done about {step}."),
    };

    private Task<Result> DecideAsync(Observation seen, CancellationToken cancellationToken) =>
        ActAsync(CaptureDecision.Of(seen, options), seen, cancellationToken);

    private async Task<Result> BeginAsync(Observation seen, CancellationToken cancellationToken)
    {
        await sweeper.SweepPredecessorsAsync(seen.Checkpoint, cancellationToken);
        return await DecideAsync(seen with { Target = await targets.LookAsync(seen.Checkpoint, cancellationToken) }, cancellationToken);
    }

    private async Task<Result> WritePlanAsync(Observation seen, TargetState.Ready target, CancellationToken cancellationToken)
    {
        switch (await planner.PlanAsync(seen, target, cancellationToken))
        {
            case Planning.Refused refused:
                return await DecideAsync(seen with { Refusal = refused.Trouble }, cancellationToken);
            case Planning.Planned { Plan: { Content: { } content } plan }:
                memory.Remember(seen.Checkpoint.Metadata.Uid, plan);
                log.Planned(seen.Key, content.Target.Namespace, content.Target.Pod, content.Target.NodeName);
                return await DecideAsync(observer.WithPlan(seen, plan), cancellationToken);
            default:
                return Result.After(Moment);
        }
    }

    /// <summary>Says once that it waits, and behind how many: the live figures are metrics, and a line that moves costs no writes.</summary>
    private async Task<Result> AwaitTurnAsync(Observation seen, CancellationToken cancellationToken)
    {
        if (seen.Status.Conditions.IsTrue(ConditionTypes.Waiting, Reasons.Queued))
        {
            await WriteAsync(seen, StatusCalculator.Ongoing(seen), cancellationToken);
            return Result.Done;
        }

        var queued = StatusCalculator.Queued(turns.AheadOf(seen.Checkpoint), options);
        await WriteAsync(seen, StatusCalculator.Waiting(seen, queued), cancellationToken);
        log.Waits(seen.Key, queued.Reason, queued.Message);
        await events.QueuedAsync(seen.Checkpoint, queued, cancellationToken);
        return Result.Done;
    }

    private async Task<Result> StartAgentAsync(Observation seen, CancellationToken cancellationToken)
    {
        var plan = seen.Plan!.Content!;
        switch (await starter.StartAsync(seen, cancellationToken))
        {
            case AgentStart.Refused refused:
                return await DecideAsync(seen with { Refusal = refused.Trouble }, cancellationToken);
            case AgentStart.WasThere:
                return await DecideAsync(seen with { JobLeftTraces = true }, cancellationToken);
            case AgentStart.NameTaken { Job: { } job }:
                return await DecideAsync(seen with { Job = job }, cancellationToken);
            case AgentStart.Started { Job: var job }:
                log.AgentStarted(seen.Key, job.Metadata.Name);
                await WriteAsync(seen, StatusCalculator.Starting(seen with { Job = job }), cancellationToken);
                await events.StartedAsync(seen.Checkpoint, plan, cancellationToken);
                return Result.After(DiagnosisInterval);
            default:
                return Result.After(Moment);
        }
    }

    private async Task<Result> AwaitAgentAsync(Observation seen, CaptureStep.AwaitAgent awaiting, CancellationToken cancellationToken)
    {
        var since = seen.JobCreatedAt;
        if (seen.Now - since < DiagnosisInterval)
        {
            await WriteAsync(seen, StatusCalculator.Starting(seen), cancellationToken);
            return Result.After(DiagnosisInterval - (seen.Now - since));
        }

        var trouble = await DiagnoseAsync(seen, awaiting.Pod, cancellationToken);
        if (awaiting.Overdue) return await FinishAsync(seen, AgentVerdict.NotStartedInTime(trouble, awaiting.Pod, seen, options), cancellationToken);
        var next = awaiting.Left < DiagnosisInterval ? awaiting.Left : DiagnosisInterval;
        if (trouble is not null) return await WaitAsync(seen, trouble, next, cancellationToken);
        await WriteAsync(seen, StatusCalculator.Starting(seen), cancellationToken);
        return Result.After(next);
    }

    private async Task<Trouble?> DiagnoseAsync(Observation seen, AgentPod? pod, CancellationToken cancellationToken)
    {
        var (kind, name) = pod is null ? ("Job", seen.Job!.Metadata.Name) : ("Pod", pod.Metadata.Name);
        var nodeName = seen.Plan!.Content!.Target.NodeName;
        return AgentDiagnosis.Of(new AgentSymptoms
        {
            Pod = pod,
            Node = await api.GetNodeAsync(nodeName, cancellationToken),
            NodeName = nodeName,
            Events = await api.ListEventsAsync(options.WorkerNamespace, kind, name, cancellationToken) ?? [],
            WorkerNamespace = options.WorkerNamespace,
        });
    }

    private async Task<Result> FollowAgentAsync(Observation seen, AgentPod pod, CancellationToken cancellationToken)
    {
        var wait = memory.UntilProgressRead(seen.Checkpoint.Metadata.Uid);
        var progress = wait > TimeSpan.Zero
            ? null
            : ProgressReader.Of(await api.ReadLogTailAsync(pod.Metadata.Name, ProgressReader.Lines, cancellationToken));
        await WriteAsync(seen, StatusCalculator.Capturing(seen, progress), cancellationToken);
        return Result.After(wait > TimeSpan.Zero ? wait : DiagnosisInterval);
    }

    private async Task<Result> SettleAsync(Observation seen, CancellationToken cancellationToken)
    {
        await WriteAsync(seen, StatusCalculator.Ongoing(seen), cancellationToken);
        return Result.After(Moment);
    }

    /// <summary>Waits in the open.</summary>
    private async Task<Result> WaitAsync(Observation seen, Trouble trouble, TimeSpan tryAgainAfter, CancellationToken cancellationToken)
    {
        var isNews = !seen.Status.Conditions.IsTrue(ConditionTypes.Waiting);
        await WriteAsync(seen, StatusCalculator.Waiting(seen, trouble), cancellationToken);
        if (isNews)
        {
            log.Waits(seen.Key, trouble.Reason, trouble.Message);
            await events.WaitingAsync(seen.Checkpoint, trouble, cancellationToken);
        }

        return Result.After(tryAgainAfter);
    }

    private async Task<Result> FinishAsync(Observation seen, Verdict verdict, CancellationToken cancellationToken)
    {
        var status = StatusCalculator.Finished(seen, verdict);
        await WriteAsync(seen, status, cancellationToken);
        log.Ended(seen.Key, verdict.Reason, verdict.Message);
        var took = UpstreamsStatus.HasBegun(seen.Status) ? null : status.CompletionTime - status.StartTime; // Nobody worked at it since.
        metrics.CaptureEnded(verdict.Complete, verdict.Reason, status.Bytes ?? 0, took ?? TimeSpan.Zero, status.CompletionTime!.Value);
        await events.EndedAsync(seen.Checkpoint, verdict, cancellationToken);

        // Only now: until the status is final, plan and Job are the proof that the capture was begun.
        var after = seen with { Checkpoint = seen.Checkpoint with { Status = status } };
        memory.Forget(seen.Key, seen.Checkpoint.Metadata.Uid);
        var next = CaptureDecision.Of(after, options);
        if (next is CaptureStep.CleanUp || !after.JobIsOurs) await CleanUpAsync(after, cancellationToken);
        return next switch
        {
            CaptureStep.Leave { KeepFor: { } keep } => Result.After(keep),
            CaptureStep.Expire => Result.After(Moment), // By then the cache has the status that was just written.
            _ => Result.Done,
        };
    }

    private async Task<Result> ExpireAsync(Observation seen, CancellationToken cancellationToken)
    {
        await api.DeletePodCheckpointAsync(seen.Checkpoint, cancellationToken);
        log.Expired(seen.Key, seen.Checkpoint.Spec.TtlSecondsAfterFinished);
        return Result.Done;
    }

    private async Task<Result> DisregardAsync(Observation seen, CancellationToken cancellationToken)
    {
        await WriteAsync(seen, StatusCalculator.Disregarded(seen), cancellationToken);
        return Result.After(Moment); // There may still be a Job to be taken away.
    }

    private async Task<Result> CleanUpAsync(Observation seen, CancellationToken cancellationToken)
    {
        await sweeper.RemoveAsync(seen, "the capture has ended", cancellationToken);
        return Result.Done;
    }

    /// <summary>Writes only what changed: a write wakes this very reconciler.</summary>
    private async Task WriteAsync(Observation seen, PodCheckpointStatus status, CancellationToken cancellationToken)
    {
        if (seen is { Finished: true, IsLive: false })
            throw new InvalidOperationException("The cache has only a part of an ended capture's status; it must not be written in its place.");
        if (seen.Checkpoint.Status.IsSameAs(status)) return;
        await api.UpdateStatusAsync(seen.Checkpoint with { Status = status }, cancellationToken);
        if (status.Conditions.True(ConditionTypes.SpecChanged) is { Message: { } message } && !seen.Status.Conditions.IsTrue(ConditionTypes.SpecChanged))
            await events.SpecChangedAsync(seen.Checkpoint, message, cancellationToken);
    }
}
