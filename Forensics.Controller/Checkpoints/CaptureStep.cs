namespace Forensics.Controller.Checkpoints;

/// <summary>The one next thing to do for a PodCheckpoint. <see cref="CaptureDecision"/> chooses, the reconciler does it.</summary>
internal abstract record CaptureStep
{
    private CaptureStep()
    {
    }

    /// <summary>True for what cannot be taken back and rests on something not being in a cache, or takes more than a cache has: look
    /// live, decide again.</summary>
    public virtual bool NeedsProof => false;

    /// <summary>It is final, or about to be deleted with nothing left of it. Look again when its Job or itself has been kept long
    /// enough (null: never).</summary>
    public sealed record Leave(TimeSpan? KeepFor) : CaptureStep;

    /// <summary>It has been final for as long as its spec wants: delete the PodCheckpoint. Needs no proof: the API server refuses if
    /// it is not what the cache shows. The sweep takes what it leaves.</summary>
    public sealed record Expire : CaptureStep;

    /// <summary>It is final, and its spec was written again since: say that nothing comes of that. The cache has not the status that
    /// this is added to.</summary>
    public sealed record Disregard : CaptureStep
    {
        public override bool NeedsProof => true;
    }

    /// <summary>It is final or about to be deleted: plan and Job have served.</summary>
    public sealed record CleanUp : CaptureStep
    {
        /// <summary>True if they are only to go because an agent may still work. A cache that lags behind shows one that has ended,
        /// and with its Job its log would go.</summary>
        public bool IfStillRunning { get; init; }

        public override bool NeedsProof => IfStillRunning;
    }

    /// <summary>Nothing is planned yet: look at the target, and decide again.</summary>
    public sealed record Begin : CaptureStep
    {
        public override bool NeedsProof => true;
    }

    /// <summary>The target can be captured: write down how.</summary>
    public sealed record WritePlan(TargetState.Ready Target) : CaptureStep
    {
        public override bool NeedsProof => true;
    }

    /// <summary>The target cannot be captured yet, or the cluster refuses plan or Job: say so, and try again.</summary>
    public sealed record Await(Trouble Trouble, TimeSpan TryAgainAfter) : CaptureStep;

    /// <summary>There is a plan and there never was a Job, but others come first. Whoever gives it its turn brings its key again.</summary>
    public sealed record AwaitTurn : CaptureStep;

    /// <summary>There is a plan, there never was a Job, and it is its turn.</summary>
    public sealed record StartAgent : CaptureStep
    {
        public override bool NeedsProof => true;
    }

    /// <summary>The Job is there, and the agent's container has not started: find out why not.</summary>
    /// <param name="Pod">Null if the Job has not made one.</param>
    /// <param name="Left">Of its time to start.</param>
    public sealed record AwaitAgent(AgentPod? Pod, TimeSpan Left) : CaptureStep
    {
        /// <summary>This is the end of it, unless the agent runs and the cache does not know.</summary>
        public bool Overdue => Left <= TimeSpan.Zero;

        public override bool NeedsProof => Overdue;
    }

    /// <summary>The agent runs: show how far it is.</summary>
    public sealed record FollowAgent(AgentPod Pod) : CaptureStep;

    /// <summary>Job and pod do not tell the same story yet; they will within seconds.</summary>
    public sealed record Settle : CaptureStep;

    public sealed record Finish(Verdict Verdict) : CaptureStep
    {
        public override bool NeedsProof => Verdict.RestsOnAbsence;
    }
}
