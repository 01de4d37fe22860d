using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>The decision as a table: every branch, in the order in which the code takes them.</summary>
public sealed class CaptureDecisionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly PodCheckpointStatus Complete = new() { Phase = Phase.Complete, CompletionTime = Given.Start };
    private static readonly PodCheckpointStatus Failed = new() { Phase = Phase.Failed, CompletionTime = Given.Start };
    private static readonly PodCheckpointStatus HadJob = new() { JobName = Given.Name };
    private static readonly PodCheckpointStatus HadAgent = new() { JobName = Given.Name, Location = Given.Folder };
    private static readonly Observation Bare = new() { Checkpoint = Given.Checkpoint(), Now = Given.Start };

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TargetState Gone = new TargetState.Never(TargetCheck.NotFound("bad-pod", "shop"));
    private static readonly TargetState NotStarted = new TargetState.NotYet(new Trouble(Reasons.TargetNotStarted, "It has not started."));
    private static readonly Trouble Refused = new(Reasons.AgentRejected, "The cluster refuses it.");

    private static readonly PodCheckpointStatus WaitsToStart = new()
    {
        StartTime = Given.Start,
        Conditions = [new Condition { Type = ConditionTypes.Waiting, Status = "True", Reason = Reasons.AgentRejected, LastTransitionTime = Given.Start }],
    };

    private static IEnumerable<TestCaseData> Table()
    {
        // Finished: nothing but the removal of what it left.
        yield return Row("Final, no Job", Bare.WithStatus(Complete), "Leave");
        yield return Row("Final, foreign Job", Bare.WithStatus(Failed) with { Job = ForeignJob().Seen() }, "Leave");
        yield return Row("Final by upstream's condition", Bare.WithStatus(UpstreamFailed()), "Leave");
        yield return Row("Final by upstream's counts", Bare.WithStatus(new() { StartTime = Given.Start, Succeeded = 1 }), "Leave");
        yield return Row("Final by upstream's failed Job", Bare.WithStatus(new() { StartTime = Given.Start, Failed = 1 }), "Leave");
        yield return Row("Final by upstream's time", Bare.WithStatus(new() { StartTime = Given.Start, CompletionTime = Given.Start }), "Leave");
        yield return Row("Final, ended Job is kept an hour", Ended(Complete).After(59 * Minute), "Leave");
        yield return Row("Final, an hour over", Ended(Complete).After(60 * Minute), "CleanUp");
        yield return Row("Failed, an hour over: a day is kept", Ended(Failed).After(60 * Minute), "Leave");
        yield return Row("Failed, a day over", Ended(Failed).After(24 * 60 * Minute), "CleanUp");
        yield return Row("Final, Job still goes on", Given.Begun(Given.Job()).WithStatus(Failed), "CleanUp");
        yield return Row("Final, agent still runs", Given.Begun(Given.Job(), Given.Agent(Given.Running)).WithStatus(Failed), "CleanUp");
        yield return Row("Final, Job not ended but its only pod is", Given.Begun(Given.Job(), Given.Agent(Given.Said(Given.Success))).WithStatus(Complete), "Leave");
        yield return Row("Final, Job made afterwards", Given.Begun(MadeLate(null)).WithStatus(Complete), "CleanUp");
        yield return Row("Final, ended Job made afterwards, as a clock that is behind has it", Given.Begun(MadeLate("Complete")).WithStatus(Complete), "Leave");
        yield return Row("Final, to be deleted", ToBeDeleted(Bare.WithStatus(Complete)), "Leave");

        yield return Row("Final, its own time is not over", WithTtl(Bare.WithStatus(Complete), 61).After(Minute), "Leave");
        yield return Row("Final, its own time is over", WithTtl(Bare.WithStatus(Complete), 60).After(Minute), "Expire");
        yield return Row("Final, its own time is over, the Job's is not", WithTtl(Ended(Failed), 60).After(Minute), "Expire");
        yield return Row("Final, its own time is none", WithTtl(Bare.WithStatus(Failed), 0), "Expire");
        yield return Row("Final, its own time is nonsense", WithTtl(Bare.WithStatus(Failed), -1).After(Minute), "Leave");
        yield return Row("Final, its own time is over, deleted already", ToBeDeleted(WithTtl(Bare.WithStatus(Complete), 0)), "Leave");
        yield return Row("Final by upstream's condition, which knew no end", WithTtl(Bare.WithStatus(UpstreamFailed()), 0), "Leave");
        yield return Row("Not final, with a time of its own", WithTtl(Given.Planned(), 0).After(Minute), "StartAgent");

        // About to be deleted.
        yield return Row("Deleted, nothing made", ToBeDeleted(Bare), "Leave");
        yield return Row("Deleted, planned", ToBeDeleted(Given.Planned()), "CleanUp");
        yield return Row("Deleted, with a Job only", ToBeDeleted(Bare with { Job = Given.Job().Seen() }), "CleanUp");
        yield return Row("Deleted, the plan is foreign", ToBeDeleted(Bare with { Plan = new StoredPlan("other", null) }), "Leave");

        // No plan.
        yield return Row("New", Bare, "Begin");
        yield return Row("New, the target can be captured", Bare with { Target = Given.Ready }, "WritePlan");
        yield return Row("New, the target is not there", Bare with { Target = Gone }, "Finish NotFound");
        yield return Row("New, the target has not started", Bare with { Target = NotStarted }, "Await");
        yield return Row("The target has not started, its time is nearly over", BeganToWait(NotStarted).After(Given.Options.TargetTimeout - Second), "Await");
        yield return Row("The target has not started, its time is over", BeganToWait(NotStarted).After(Given.Options.TargetTimeout), "Finish TargetNotStarted");
        yield return Row("The plan is refused", Bare with { Target = Given.Ready, Refusal = Refused }, "Await");
        yield return Row("The plan is refused for too long", (BeganToWait(Given.Ready) with { Refusal = Refused }).After(Given.Options.TargetTimeout), "Finish AgentRejected");
        yield return Row("New, bad spec", BadSpec(), "Finish InvalidSpec");
        yield return Row("Begun upstream", Bare.WithStatus(UpstreamBegan()), "Finish OutcomeUnknown");
        yield return Row("Begun upstream, its Job tries again", Bare.WithStatus(UpstreamBegan() with { Failed = 1 }), "Finish OutcomeUnknown");
        yield return Row("Begun upstream, to be deleted", ToBeDeleted(Bare.WithStatus(UpstreamBegan())), "Leave");
        yield return Row("Planned, though begun upstream", Given.Planned(UpstreamBegan()), "StartAgent");
        yield return Row("No plan, but had a Job", Bare.WithStatus(HadJob), "Finish JobDeleted");
        yield return Row("No plan, but has a Job", Bare with { Job = Given.Job().Seen() }, "Finish JobDeleted");
        yield return Row("No plan, a foreign Job", Bare with { Job = ForeignJob().Seen() }, "Begin");
        yield return Row("Plan's name is taken", Bare with { Plan = new StoredPlan("other", null) }, "Finish NameTaken");

        // A plan, no Job.
        yield return Row("Planned", Given.Planned(), "StartAgent");
        yield return Row("Planned, others come first", Given.Planned() with { HasTurn = false }, "AwaitTurn");
        yield return Row("Planned, the target is gone since", Given.Planned() with { Target = Gone }, "StartAgent");
        yield return Row("Planned, the target starts again", Given.Planned() with { Target = NotStarted }, "StartAgent");
        yield return Row("The Job is refused", Given.Planned() with { Refusal = Refused }, "Await");
        yield return Row("The Job is refused for too long", (Given.Planned(WaitsToStart) with { Refusal = Refused }).After(Given.Options.AgentStartTimeout), "Finish AgentRejected");
        yield return Row("Planned, a Job left traces", Given.Planned() with { JobLeftTraces = true }, "Finish JobDeleted");
        yield return Row("Planned, had a Job", Given.Planned(HadJob), "Finish JobDeleted");
        yield return Row("Job's name is taken", Given.Planned() with { Job = ForeignJob().Seen() }, "Finish NameTaken");
        yield return Row("Job of another plan", Given.Planned() with { Job = JobOfAnotherPlan().Seen() }, "Finish NameTaken");

        // Job and agent.
        yield return Row("Job, no pod", Given.Begun(Given.Job()), "AwaitAgent");
        yield return Row("Pod, no container", Given.Begun(Given.Job(), Given.Agent()), "AwaitAgent");
        yield return Row("Container waits", Given.Begun(Given.Job(), Given.Agent(Given.Waiting("ContainerCreating"))), "AwaitAgent");
        yield return Row("Runs", Given.Begun(Given.Job(), Given.Agent(Given.Running)), "FollowAgent");
        yield return Row("Runs, known folder", Given.Begun(Given.Job(), Given.Agent(Given.Running)).WithStatus(HadAgent), "FollowAgent");
        yield return Row("Said success", Given.Begun(Given.Job(), Given.Agent(Given.Said(Given.Success))), "Finish Captured");
        yield return Row("Said failure", Given.Begun(Given.Job(), Given.Agent(Given.Said(Given.Failure()))), "Finish ContainerGone");
        yield return Row("Said nothing", Given.Begun(Given.Job(), Given.Agent(Given.Terminated(null, 137))), "Finish OutcomeUnknown");
        yield return Row("Two pods", Given.Begun(Given.Job(), Given.Agent(Given.Running), Given.Agent(uid: "bbbbbbbb-1")), "Finish AgentReplaced");
        yield return Row("Another pod", Given.Begun(Given.Job(), Given.Agent(uid: "bbbbbbbb-1")).WithStatus(HadAgent), "Finish AgentReplaced");
        yield return Row("The pod is gone", Given.Begun(Given.Job()).WithStatus(HadAgent), "Finish AgentReplaced");
        yield return Row("Job over, pod not yet", Given.Begun(Given.Job("Complete"), Given.Agent(Given.Running)).After(Minute), "Settle");
        yield return Row("Job over, pod never", Given.Begun(Given.Job("Complete"), Given.Agent(Given.Running)).After(2 * Minute), "Finish OutcomeUnknown");
        yield return Row("Job over, no pod yet", Given.Begun(Given.Job("Failed")).After(Minute), "Settle");
        yield return Row("Job over, no pod", Given.Begun(Given.Job("Failed")).After(2 * Minute), "Finish OutcomeUnknown");
        yield return Row("Job overdue, no pod", Given.Begun(Given.Job("Failed", "DeadlineExceeded")).After(2 * Minute), "Finish DeadlineExceeded");
        yield return Row("Overdue, Job does not end", Given.Begun(Given.Job()).After(363 * Minute), "Finish DeadlineExceeded");
        yield return Row("Overdue, pod does not end", Given.Begun(Given.Job(), Given.Agent(Given.Running)).After(363 * Minute), "Finish DeadlineExceeded");
        yield return Row("Pod failed before its container", Given.Begun(Given.Job(), Evicted(Given.Waiting("ContainerCreating"))), "Finish AgentNotStarted");
        yield return Row("Pod failed, its container is forgotten", Given.Begun(Given.Job(), Evicted(null)), "Finish OutcomeUnknown");

        // A pod that was deleted while it worked.
        yield return Row("Stopped pod, just deleted", Given.Begun(Given.Job(), Cancelled()).After(Minute), "Settle");
        yield return Row("Stopped pod, Job goes on", Given.Begun(Given.Job(), Cancelled()).After(2 * Minute), "Finish Cancelled");
        yield return Row("Stopped by the deadline", Given.Begun(Given.Job("Failed", "DeadlineExceeded"), Cancelled()).After(Minute), "Finish DeadlineExceeded");
        yield return Row("Success, then deleted", Given.Begun(Given.Job(), Given.Agent(Given.Said(Given.Success)).Deleted(Minute)).After(Minute), "Finish Captured");

        // A spec that is changed after the end.
        yield return Row("Changed too late", Generation(4, Bare.WithStatus(Complete with { ObservedGeneration = 3, SpecHash = "a" })), "Disregard");
        yield return Row("Changed too late, said so", Generation(4, Bare.WithStatus(Complete with { ObservedGeneration = 4, SpecHash = "a" })), "Leave");
        yield return Row("Finished by an earlier version", Generation(4, Bare.WithStatus(Complete with { ObservedGeneration = 3 })), "Leave");

        // The spec is held against the plan, once something was captured.
        yield return Row("Spec changed, runs", SpecChanged(Given.Agent(Given.Running)), "FollowAgent");
        yield return Row("Spec changed, success", SpecChanged(Given.Agent(Given.Said(Given.Success))), "Finish SpecChanged");
        yield return Row("Spec changed, no outcome", SpecChanged(Given.Agent(Given.Terminated(null, 1))), "Finish OutcomeUnknown");
    }

    private static Observation BeganToWait(TargetState target) => Bare.WithStatus(WaitsToStart with { ObservedGeneration = 1 }) with { Target = target };

    [TestCaseSource(nameof(Table))]
    public void What_is_seen_decides_what_is_done(object seen, string expected) =>
        NameOf(CaptureDecision.Of((Observation)seen, Given.Options)).Should().Be(expected);

    [Test]
    public void Nothing_is_concluded_from_a_silent_cache_without_proof()
    {
        Observation[] silent =
        [
            Bare,
            Given.Planned(),
            Given.Planned(HadJob),
            Bare.WithStatus(HadJob),
            Given.Begun(Given.Job()).WithStatus(HadAgent),
            Given.Begun(Given.Job("Complete")).After(2 * Minute),
            Given.Begun(Given.Job("Complete"), Given.Agent(Given.Running)).After(2 * Minute),
            Given.Begun(Given.Job()).After(363 * Minute),
            Given.Begun(Given.Job(), Given.Agent(Given.Running)).After(363 * Minute),
            Given.Begun(Given.Job(), Given.Agent()).After(Given.Options.AgentStartTimeout),
            Bare.WithStatus(UpstreamBegan()),
        ];
        silent.Select(NeedsProof).Should().OnlyContain(needsProof => needsProof);
    }

    [Test]
    public void What_a_cache_shows_needs_no_proof()
    {
        Observation[] shown =
        [
            Given.Begun(Given.Job(), Given.Agent()),
            Given.Begun(Given.Job(), Given.Agent(Given.Running)),
            Given.Begun(Given.Job(), Given.Agent(Given.Said(Given.Success))),
            Given.Begun(Given.Job("Complete"), Given.Agent(Given.Running)).After(Minute),
            BadSpec(),
            Bare.WithStatus(Complete),
        ];
        shown.Select(NeedsProof).Should().OnlyContain(needsProof => !needsProof);
    }

    [Test]
    public void What_is_waited_for_is_looked_at_again_in_a_while_and_at_the_latest_when_its_time_is_over()
    {
        Within(BeganToWait(NotStarted)).Should().Be(5 * Second);
        Within(BeganToWait(NotStarted).After(Given.Options.TargetTimeout - (2 * Second))).Should().Be(2 * Second);
        Within(BeganToWait(Given.Ready) with { Refusal = Refused }).Should().Be(5 * Second);
        var refused = Given.Planned(WaitsToStart) with { Refusal = Refused };
        Within(refused).Should().Be(10 * Second);
        Within(refused.After(Given.Options.AgentStartTimeout - (2 * Second))).Should().Be(2 * Second);

        static TimeSpan Within(Observation seen) => ((CaptureStep.Await)CaptureDecision.Of(seen, Given.Options)).TryAgainAfter;
    }

    [Test]
    public void A_kept_Job_is_looked_at_again_when_its_time_is_over() =>
        CaptureDecision.Of(Ended(Complete).After(20 * Minute), Given.Options).Should().Be(new CaptureStep.Leave(40 * Minute));

    private static TestCaseData Row(string name, Observation seen, string expected) =>
        new TestCaseData(seen, expected).SetName($"{name} → {expected}");

    private static bool NeedsProof(Observation seen) => CaptureDecision.Of(seen, Given.Options).NeedsProof;

    private static string NameOf(CaptureStep step) =>
        step is CaptureStep.Finish finish ? $"Finish {finish.Verdict.Reason}" : step.GetType().Name;

    private static Observation Ended(PodCheckpointStatus status) =>
        Given.Begun(Given.Job("Complete"), Given.Agent(Given.Said(Given.Success))).WithStatus(status);

    private static Observation ToBeDeleted(Observation seen) => seen with
    {
        Checkpoint = seen.Checkpoint with { Metadata = seen.Checkpoint.Metadata with { DeletionTimestamp = Given.Start } },
    };

    private static Observation BadSpec() =>
        Bare with { Checkpoint = Bare.Checkpoint with { Spec = Bare.Checkpoint.Spec with { Destination = "http://bucket" } } };

    private static Observation Generation(long generation, Observation seen) =>
        seen with { Checkpoint = seen.Checkpoint with { Metadata = seen.Checkpoint.Metadata with { Generation = generation } } };

    private static Observation SpecChanged(V1Pod agent)
    {
        var seen = Given.Begun(Given.Job(), agent);
        return seen with { Checkpoint = seen.Checkpoint with { Spec = seen.Checkpoint.Spec with { Pod = "another" } } };
    }

    private static Observation WithTtl(Observation seen, int seconds) =>
        seen with { Checkpoint = seen.Checkpoint with { Spec = seen.Checkpoint.Spec with { TtlSecondsAfterFinished = seconds } } };

    private static PodCheckpointStatus UpstreamFailed() => new()
    {
        Conditions = [new Condition { Type = ConditionTypes.Failed, Status = "True" }],
    };

    private static PodCheckpointStatus UpstreamBegan() => new() { StartTime = Given.Start, Active = 1 };

    private static V1Job MadeLate(string? ended)
    {
        var job = Given.Job(ended);
        job.Metadata.CreationTimestamp = (Given.Start + Minute).UtcDateTime;
        return job;
    }

    private static V1Job ForeignJob()
    {
        var job = Given.Job();
        job.Metadata.Labels = null;
        return job;
    }

    private static V1Job JobOfAnotherPlan()
    {
        var job = Given.Job();
        job.Metadata.OwnerReferences[0].Uid = "another-plan";
        return job;
    }

    private static V1Pod Evicted(V1ContainerState? container)
    {
        var pod = Given.Agent(container);
        (pod.Status.Phase, pod.Status.Reason) = ("Failed", "Evicted");
        return pod;
    }

    private static V1Pod Cancelled() => Given.Agent(Given.Said(Given.Failure(Reasons.Cancelled))).Deleted(Minute);
}
