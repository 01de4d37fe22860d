using System.Collections.Concurrent;
using System.Reflection;
using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>Walks through everything that can be seen at once, likely or not. The decision has one step for each, and what must never
/// happen never does.</summary>
public sealed class CaptureDecisionTotalityTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestWait =
        Given.Options.TargetTimeout > Given.Options.AgentStartTimeout ? Given.Options.TargetTimeout : Given.Options.AgentStartTimeout;

    private static readonly PodCheckpointStatus?[] Statuses =
    [
        null,
        new() { JobName = Given.Name },
        new() { JobName = Given.Name, Location = Given.Folder },
        new() { Conditions = [new Condition { Type = ConditionTypes.Waiting, Status = "True", Reason = Reasons.Queued }] },
        new() { Phase = Phase.Complete, CompletionTime = Given.Start },
        new() { Phase = Phase.Failed, CompletionTime = Given.Start, JobName = Given.Name },
        new() { Phase = Phase.Failed, CompletionTime = Given.Start, JobName = Given.Name, ObservedGeneration = 0, SpecHash = "another" },
        new() { Conditions = [new Condition { Type = ConditionTypes.Failed, Status = "True" }] }, // Upstream's, and the two after it.
        new() { StartTime = Given.Start, Active = 1 },
        new() { StartTime = Given.Start, CompletionTime = Given.Start, Succeeded = 1 },
    ];

    private static readonly StoredPlan?[] Plans = [null, new("other", null), new(Given.PlanUid, Given.Plan())];

    private static readonly AgentJob?[] Jobs =
    [
        null,
        Given.Job().Seen(),
        Given.Job("Complete").Seen(),
        Given.Job("Failed", "BackoffLimitExceeded").Seen(),
        Given.Job("Failed", "DeadlineExceeded").Seen(),
        Changed(Given.Job(), job => job.Metadata.Labels = null).Seen(),
        Changed(Given.Job(), job => job.Metadata.OwnerReferences[0].Uid = "another-plan").Seen(),
        Changed(Given.Job(), job => job.Metadata.CreationTimestamp = (Given.Start + Minute).UtcDateTime).Seen(),
    ];

    private static readonly AgentPod[][] Agents =
    [
        [],
        [Given.Agent().Seen()],
        [Given.Agent(Given.Waiting("ImagePullBackOff")).Seen()],
        [Given.Agent(Given.Running).Seen()],
        [Given.Agent(Given.Running).Deleted(Minute).Seen()],
        [Given.Agent(Given.Said(Given.Success)).Seen()],
        [Given.Agent(Given.Said(Given.Success)).Deleted(Minute).Seen()],
        [Given.Agent(Given.Said(Given.Failure())).Seen()],
        [Given.Agent(Given.Said(Given.Failure(Reasons.Cancelled))).Deleted(Minute).Seen()],
        [Given.Agent(Given.Terminated(null, 137, "OOMKilled")).Seen()],
        [Given.Agent(Given.Terminated("{", 1)).Seen()],
        [Changed(Given.Agent(), pod => (pod.Status.Phase, pod.Status.Reason) = ("Failed", "Evicted")).Seen()],
        [Given.Agent(Given.Running, uid: "bbbbbbbb-1").Seen()],
        [Given.Agent(Given.Said(Given.Success)).Seen(), Given.Agent(Given.Running, uid: "bbbbbbbb-1").Seen()],
    ];

    private static readonly Trouble Refused = new(Reasons.AgentRejected, "The cluster refuses it: exceeded quota.");

    // What was looked at and tried in this reconcile: the target, and whether plan or Job could be made.
    private static readonly (TargetState? Target, Trouble? Refusal, bool Traces)[] Tries =
    [
        (null, null, false),
        (Given.Ready, null, false),
        (new TargetState.NotYet(new Trouble(Reasons.TargetNotStarted, "It has no container that was ever started.")), null, false),
        (new TargetState.Never(TargetCheck.NotFound("bad-pod", "shop")), null, false),
        (Given.Ready, Refused, false),
        (null, Refused, false),
        (null, null, true),
    ];

    private static readonly PodCheckpointSpec[] Specs =
    [
        Given.Checkpoint().Spec,
        Given.Checkpoint().Spec with { Pod = "another" },
        Given.Checkpoint().Spec with { Destination = "no" },
    ];

    // At once, when caches have settled, when the agent should have started, when the deadline is over, and after days.
    private static readonly TimeSpan[] Times = [TimeSpan.Zero, 2 * Minute, 6 * Minute, 363 * Minute, TimeSpan.FromDays(3)];

    private static readonly int?[] TimesToLive = [null, 0, 7 * 24 * 60 * 60];

    private static IEnumerable<Observation> Everything =>
        from status in Statuses
        from spec in Specs
        from ttl in TimesToLive
        from deletion in new DateTimeOffset?[] { null, Given.Start }
        let basis = Given.Checkpoint(status)
        let checkpoint = basis with
        {
            Metadata = basis.Metadata with { DeletionTimestamp = deletion },
            Spec = spec with { TtlSecondsAfterFinished = ttl },
        }
        from plan in Plans
        from job in Jobs
        from agents in Agents
        from time in Times
        from hasTurn in new[] { true, false }
        from tried in Tries
        select new Observation
        {
            Checkpoint = checkpoint,
            Plan = plan,
            Job = job,
            AgentPods = agents,
            Now = Given.Start + time,
            HasTurn = hasTurn,
            Target = tried.Target,
            Refusal = tried.Refusal,
            JobLeftTraces = tried.Traces,
        };

    private static readonly (string Law, Func<Observation, CaptureStep, bool> Holds)[] Laws =
    [
        ("what is final stays final", (seen, step) =>
            !seen.Finished || step is CaptureStep.Leave or CaptureStep.CleanUp or CaptureStep.Expire or CaptureStep.Disregard),
        ("what comes after the end is answered once", (seen, step) => step is not CaptureStep.Disregard
            || (seen is { Finished: true, DeletionRequested: false } && CaptureDecision.Of(After(seen, StatusCalculator.Disregarded(seen)), Given.Options) is not CaptureStep.Disregard)),
        ("nothing is begun, said or started for one that is withdrawn", (seen, step) =>
            !seen.DeletionRequested || seen.Finished || step is CaptureStep.Leave or CaptureStep.CleanUp),
        ("nothing is removed while it is wanted", (seen, step) => step is not CaptureStep.CleanUp || seen.Finished || seen.DeletionRequested),
        ("only what was never planned is begun, and never where there is or was a Job", (seen, step) =>
            step is not CaptureStep.Begin and not CaptureStep.WritePlan || (seen.Plan is null && !seen.JobIsOurs && !seen.JobWasThere)),
        ("a target is looked at once, and a plan is made of one that can be captured", (seen, step) =>
            (step is not CaptureStep.Begin || seen.Target is null) && (step is not CaptureStep.WritePlan plan || plan.Target == seen.Target)),
        ("once there is a plan, nothing is asked of the target", (seen, step) =>
            seen.Plan is null || seen.Target is null || Says(CaptureDecision.Of(seen with { Target = null }, Given.Options)) == Says(step)),
        ("what is refused is not tried again at once", (seen, step) =>
            seen.Refusal is null || step is not CaptureStep.WritePlan and not CaptureStep.StartAgent),
        ("what is waited for has an end", (seen, step) => step is not CaptureStep.Await { TryAgainAfter: var time }
            || (time > TimeSpan.Zero && CaptureDecision.Of(seen with { Now = seen.Now + LongestWait, Checkpoint = Waits(seen) }, Given.Options) is CaptureStep.Finish)),
        ("a Job is made where there is a plan and never was one", (seen, step) =>
            step is not CaptureStep.StartAgent || (seen.Plan?.Content is not null && seen.Job is null && !seen.JobWasThere)),
        ("a Job is made by whose turn it is", (seen, step) =>
            step is not CaptureStep.StartAgent and not CaptureStep.AwaitTurn || step is CaptureStep.StartAgent == seen.HasTurn),
        ("what is begun or started is proven first", (_, step) => step is not CaptureStep.Begin and not CaptureStep.WritePlan and not CaptureStep.StartAgent || step.NeedsProof),
        ("an agent is watched that is ours, by a plan that is ours", (seen, step) =>
            step is not CaptureStep.AwaitAgent and not CaptureStep.FollowAgent and not CaptureStep.Settle || (seen.JobIsOurs && seen.Plan?.Content is not null)),
        ("only the agent says that all was captured, and not after the spec was changed", (seen, step) =>
            step is not CaptureStep.Finish { Verdict.Complete: true } || (SaidSuccess(seen) && !CaptureDecision.SpecChanged(seen))),
        ("what the only agent said is what is told", (seen, step) =>
            step is not CaptureStep.Finish { Verdict.Outcome: null } || !SaidSuccess(seen) || seen.AgentPods.Count > 1 || !seen.JobIsOurs || seen.Plan?.Content is null
            || (seen.Status.Location is { } known && known != Given.Folder)),
        ("a name is only taken where another has it", (seen, step) =>
            step is not CaptureStep.Finish { Verdict.Reason: Reasons.NameTaken } || seen.Plan is { Content: null } || (seen.Job is not null && !seen.JobIsOurs)),
        ("what rests on a Job's absence is proven first", (_, step) =>
            step is not CaptureStep.Finish { Verdict.Reason: Reasons.JobDeleted } || step.NeedsProof),
        ("what a cache keeps of one that has ended decides the same", (seen, step) => !seen.Finished || CaptureDecision.Of(Kept(seen), Given.Options) == step),
        ("what rests on an agent's silence is proven first, since a cache lets go of words", (seen, step) =>
            CaptureDecision.Of(Silent(seen), Given.Options) is not CaptureStep.Finish end || end == step || end.NeedsProof),
        ("a PodCheckpoint goes when it has ended and its time is over", (seen, step) => step is not CaptureStep.Expire
            || (seen is { Finished: true, DeletionRequested: false } && seen.Status.CompletionTime + TimeSpan.FromSeconds(seen.Checkpoint.Spec.TtlSecondsAfterFinished ?? int.MaxValue) <= seen.Now)),
        ("and not before", (seen, step) => step is not CaptureStep.Leave { KeepFor: { } time } || time > TimeSpan.Zero),
        ("every end has a reason and words for a person", (_, step) => step is not CaptureStep.Finish finish || finish.Verdict is { Reason.Length: > 0, Message.Length: > 20 }),
        ("an end that was written is an end", (seen, step) => step is not CaptureStep.Finish finish
            || CaptureDecision.Of(After(seen, StatusCalculator.Finished(seen, finish.Verdict)), Given.Options) is CaptureStep.Leave or CaptureStep.CleanUp or CaptureStep.Expire),
    ];

    [Test]
    public void Whatever_is_seen_there_is_one_step_and_it_is_a_sane_one()
    {
        var (count, steps, broken) = (0, new ConcurrentDictionary<string, bool>(), new ConcurrentDictionary<string, Observation>());
        Everything.AsParallel().ForAll(seen =>
        {
            Interlocked.Increment(ref count);
            var step = CaptureDecision.Of(seen, Given.Options); // Throws where no row fits.
            steps[step.GetType().Name] = true;
            foreach (var (law, holds) in Laws)
                if (!broken.ContainsKey(law) && !holds(seen, step)) broken[law] = seen;
        });

        broken.Should().BeEmpty();
        count.Should().Be(Statuses.Length * Specs.Length * TimesToLive.Length * 2 * Plans.Length * Jobs.Length * Agents.Length * Times.Length * 2 * Tries.Length);
        steps.Keys.Should().BeEquivalentTo(
            typeof(CaptureStep).GetNestedTypes(BindingFlags.Public).Select(type => type.Name), "every step is there for something");
        TestContext.Out.WriteLine($"{count} observations, {Laws.Length} laws, none broken.");
    }

    /// <summary>A write wakes the reconciler: if what it then writes were new again, it would never come to rest.</summary>
    [Test]
    public void A_status_that_was_written_is_not_written_again()
    {
        Func<Observation, PodCheckpointStatus>[] writes =
        [
            StatusCalculator.Ongoing,
            StatusCalculator.Starting,
            seen => StatusCalculator.Capturing(seen, null),
            seen => StatusCalculator.Waiting(seen, StatusCalculator.Queued(3, Given.Options)),
            seen => StatusCalculator.Waiting(seen, new Trouble(Reasons.AgentRejected, "Refused.")),
        ];
        foreach (var seen in Everything.Where(seen => !seen.Finished && seen is { HasTurn: true, Target: null, Refusal: null } && seen.Now == Given.Start + (6 * Minute) && seen.Checkpoint.Spec.TtlSecondsAfterFinished is null))
        {
            foreach (var write in writes)
            {
                var once = write(seen);
                if (Fakes.InMemoryCluster.JsonOf(write(After(seen, once))) != Fakes.InMemoryCluster.JsonOf(once))
                    Assert.Fail($"Written again: {Fakes.InMemoryCluster.JsonOf(once)}");
            }
        }
    }

    private static bool SaidSuccess(Observation seen) =>
        seen.AgentPods.Any(pod => CaptureOutcome.FromTerminationMessage(AgentWatch.TerminationOf(pod)?.Message) is { Complete: true });

    private static Observation Kept(Observation seen) => Silent(seen) with { Checkpoint = EndedCheckpoint.PartOf(seen.Checkpoint) };

    private static Observation Silent(Observation seen) => seen with { AgentPods = [.. seen.AgentPods.Select(pod => pod.WithoutWords())] };

    // An agent's own account is read anew each time, and is no value that can be compared.
    private static string Says(CaptureStep step) => step is CaptureStep.Finish { Verdict: var end } ? $"{end.Reason}: {end.Message}" : step.GetType().Name;

    private static PodCheckpoint Waits(Observation seen) =>
        seen.Checkpoint with { Status = StatusCalculator.Waiting(seen, new Trouble(Reasons.AgentRejected, "It waits.")) };

    private static Observation After(Observation seen, PodCheckpointStatus status) => seen with { Checkpoint = seen.Checkpoint with { Status = status } };

    private static T Changed<T>(T item, Action<T> change)
    {
        change(item);
        return item;
    }
}
