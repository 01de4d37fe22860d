using Forensics.Api;
using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Reconciling;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>The story of a capture, told over a cluster in memory.</summary>
public sealed class PodCheckpointReconcilerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task The_plan_is_written_before_the_Job_and_both_before_the_status_says_so()
    {
        var world = await CaptureWorld.BegunAsync();

        world.Cluster.Writes.Should().Equal("create plan", "create job", "update status", "create event CaptureStarted");
        world.Status.JobName.Should().Be(Given.Name);
        world.Status.Message.Should().Contain("Do not delete the pod yet");
        world.Job.Metadata.OwnerReferences.Single().Uid.Should().Be(world.Cluster.Plans[Given.Name].Metadata.Uid);
    }

    [Test]
    public async Task Success_becomes_Complete_with_an_event_and_one_count()
    {
        var world = await CaptureWorld.FinishedAsync(Given.Success);

        (world.Status.Phase, world.Finished, world.Status.ManifestSha256).Should().Be((Phase.Complete, Reasons.Captured, new string('a', 64)));
        world.Status.Location.Should().EndWith($"_shop_bad-pod_{world.Agent.Metadata.Uid[..8]}/");
        world.EventReasons.Should().Equal("CaptureStarted", "CaptureComplete");
        world.Ended.Should().Equal(Reasons.Captured);
    }

    [TestCase(Reasons.Incomplete)]
    [TestCase(Reasons.ContainerGone)]
    public async Task Failure_becomes_Failed_for_the_agents_reason(string reason)
    {
        var world = await CaptureWorld.FinishedAsync(Given.Failure(reason));
        (world.Status.Phase, world.Finished).Should().Be((Phase.Failed, reason));
        world.EventReasons.Should().Equal("CaptureStarted", "CaptureFailed");
    }

    [Test]
    public async Task A_pod_that_is_not_there_fails_at_once_in_upstreams_words()
    {
        var world = new CaptureWorld();
        world.Cluster.Targets.Clear();
        world.Apply();
        await world.ReconcileAsync();
        (world.Finished, world.Status.Message).Should().Be((Reasons.NotFound, "The specified Pod 'bad-pod' was not found in the 'shop' namespace."));
        world.Cluster.Writes.Should().NotContain("create plan");
    }

    [Test]
    public async Task An_empty_namespace_means_the_PodCheckpoints_own()
    {
        var world = new CaptureWorld();
        world.Apply(Given.Checkpoint() with { Spec = Given.Checkpoint().Spec with { Namespace = "" } });
        await world.ReconcileAsync();
        world.Status.Message.Should().Contain("'cases' namespace");
        world.Status.TargetNamespace.Should().Be("cases");
    }

    [Test]
    public async Task A_pod_without_a_node_is_waited_for_in_the_open_until_the_deadline()
    {
        var world = new CaptureWorld();
        var target = world.Cluster.Targets.Values.Single();
        (target.Spec.NodeName, target.Status) = (null, null);

        await WaitsThenFailsAsync(world, Reasons.TargetNotStarted);
    }

    [Test]
    public async Task A_pod_without_a_started_container_is_waited_for_in_the_open_until_the_deadline()
    {
        var world = new CaptureWorld();
        world.Cluster.Targets.Values.Single().Status.ContainerStatuses = [];

        await WaitsThenFailsAsync(world, Reasons.TargetNotStarted);
    }

    [Test]
    public async Task A_node_that_is_not_Ready_is_waited_for_in_the_open_until_the_deadline()
    {
        var world = new CaptureWorld();
        world.Cluster.Nodes["node-1"] = Given.Node("Unknown");

        await WaitsThenFailsAsync(world, Reasons.NodeNotReady);
    }

    [Test]
    public async Task What_was_waited_for_and_came_is_captured()
    {
        var world = new CaptureWorld();
        world.Cluster.Nodes["node-1"] = Given.Node("Unknown");
        world.Apply();
        await world.ReconcileAsync();
        world.Cluster.Nodes["node-1"] = Given.Node();
        await world.ReconcileAfterAsync(Minute);

        world.Cluster.Jobs.Should().HaveCount(1);
        world.Status.Conditions.IsTrue(ConditionTypes.Waiting).Should().BeFalse();
        world.Status.StartTime.Should().Be(Given.Start);
    }

    [Test]
    public async Task A_destination_that_is_not_allowed_reads_nothing_of_the_target()
    {
        var world = new CaptureWorld(new ControllerOptions { Capture = new CaptureOptions { AllowedDestinations = ["another"] } });
        world.Apply();
        await world.ReconcileAsync();

        world.Finished.Should().Be(Reasons.DestinationNotAllowed);
        world.Cluster.Calls.Should().NotContain(call => call.StartsWith("get target", StringComparison.Ordinal) || call.StartsWith("get node", StringComparison.Ordinal))
            .And.NotContain("create plan").And.NotContain("create job");
    }

    [Test]
    public async Task Nothing_is_written_when_nothing_changed()
    {
        var world = await CaptureWorld.CapturingAsync();
        var writes = world.Cluster.Writes.Count();
        for (var i = 0; i < 5; i++) await world.ReconcileAfterAsync(TimeSpan.FromSeconds(11));
        world.Cluster.Writes.Should().HaveCount(writes);
    }

    [Test]
    public async Task The_agents_progress_is_shown_and_its_log_is_not_read_for_every_event()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Log = """{"time":"2026-01-01T00:00:00Z","container":"app","bytes":1024,"artifactsDone":2}""";

        await world.ReconcileAsync();
        world.Status.Progress.Should().BeNull("the log was read a moment ago");
        var result = await world.ReconcileAfterAsync(TimeSpan.FromSeconds(10));

        world.Status.Size.Should().Be("1.0 KiB");
        result.Should().Be(Result.After(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task A_changed_spec_is_shown_and_never_Complete()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Apply(world.Checkpoint with { Spec = world.Checkpoint.Spec with { Pod = "good-pod" } });
        await world.ReconcileAsync();
        world.Status.Conditions.IsTrue(ConditionTypes.SpecChanged).Should().BeTrue();
        world.EventReasons.Should().Contain(Reasons.SpecChanged);

        world.Cluster.Report(world.Agent, Given.Said(Given.Success));
        await world.ReconcileAsync();

        (world.Status.Phase, world.Finished).Should().Be((Phase.Failed, Reasons.SpecChanged));
        world.Status.Message.Should().Contain("'bad-pod'").And.Contain("Its evidence is whole");
    }

    [Test]
    public async Task A_spec_that_is_corrected_after_the_end_is_answered_once_and_the_end_stays()
    {
        var world = new CaptureWorld();
        world.Apply(Given.Checkpoint() with { Spec = Given.Checkpoint().Spec with { Pod = "bad-pdo" } });
        await world.ReconcileAsync();
        var (ended, events) = (world.End, world.EventReasons.Count());

        world.Apply(world.Checkpoint with { Spec = world.Checkpoint.Spec with { Pod = "bad-pod" } });
        await world.ReconcileAsync();
        var answered = world.Checkpoint;
        await world.ReconcileAsync();

        world.Checkpoint.Should().BeSameAs(answered, "nothing is written again");
        world.End.Should().BeEquivalentTo(ended);
        world.Status.Conditions.True(ConditionTypes.SpecChanged)!.Message.Should().Contain("delete it and apply it again");
        world.EventReasons.Skip(events).Should().Equal(Reasons.SpecChanged);
        world.Cluster.Jobs.Should().BeEmpty();
    }

    [Test]
    public async Task A_time_to_live_that_is_set_after_the_end_is_no_change_to_speak_of()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Report(world.Agent, Given.Said(Given.Success));
        await world.ReconcileAsync();

        world.Apply(world.Checkpoint with { Spec = world.Checkpoint.Spec with { TtlSecondsAfterFinished = 86400 } });
        await world.ReconcileAsync();

        world.Status.Conditions.IsTrue(ConditionTypes.SpecChanged).Should().BeFalse();
        world.Status.ObservedGeneration.Should().Be(world.Checkpoint.Metadata.Generation);
    }

    [Test]
    public async Task Namesakes_in_two_namespaces_do_not_meet()
    {
        var world = new CaptureWorld(new ControllerOptions { Capture = new CaptureOptions { MaxCapturesPerNode = 2 } });
        world.Apply();
        var other = Given.Checkpoint();
        world.Apply(other with { Metadata = other.Metadata with { Namespace = "others", Uid = "99999999-2222-3333-4444-555555555555" } });

        await world.ReconcileAsync();
        await world.ReconcileAsync(new("others", "case-42"));

        world.Cluster.Jobs.Should().HaveCount(2);
        world.Cluster.Plans.Should().HaveCount(2);
        var second = world.Cluster.MakeAgentPod(world.Cluster.Jobs["forensics-99999999-2222-3333-4444-555555555555"]);
        world.Cluster.Report(second, Given.Said(Given.Success));
        await world.ReconcileAsync();
        await world.ReconcileAsync(new("others", "case-42"));
        world.Status.Phase.Should().Be(Phase.Pending);
        world.Cluster.Checkpoints[new("others", "case-42")].Status!.Phase.Should().Be(Phase.Complete);
    }

    [Test]
    public async Task A_Complete_Job_is_kept_an_hour_and_then_goes_with_its_plan()
    {
        var world = await CaptureWorld.FinishedAsync(Given.Success);
        (await world.ReconcileAsync()).Should().Be(Result.After(Given.Options.KeepComplete));

        await world.ReconcileAfterAsync(Given.Options.KeepComplete);

        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
        world.Cluster.AgentPods.Should().BeEmpty();
    }

    [Test]
    public async Task Finished_is_final_whatever_vanishes()
    {
        var world = await CaptureWorld.FinishedAsync(Given.Success);
        var end = world.End;
        foreach (var vanish in new Action[]
        {
            () => world.Cluster.AgentPods.Clear(),
            () => world.Cluster.RemoveJob(Given.Name),
            () => world.Cluster.RemovePlan(Given.Name),
            () => world.Cluster.Targets.Clear(),
            () => world.Apply(world.Checkpoint with { Spec = world.Checkpoint.Spec with { Destination = "no" } }),
        })
        {
            vanish();
            world.Restart();
            await world.ReconcileAfterAsync(Minute);
            await world.SweepAsync();
            world.End.Should().BeEquivalentTo(end);
        }

        world.Cluster.Jobs.Should().BeEmpty();
        world.Ended.Should().HaveCount(1);
    }

    [Test]
    public async Task A_capture_that_upstreams_controller_finished_is_left_alone()
    {
        var world = new CaptureWorld();
        world.Apply(Given.Checkpoint(new PodCheckpointStatus { StartTime = Given.Start, CompletionTime = Given.Start, Succeeded = 1 }));
        (await world.ReconcileAsync()).Should().Be(Result.Done);
        world.Cluster.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task One_that_it_had_only_begun_is_said_to_have_an_unknown_end_and_is_not_captured_again()
    {
        var world = new CaptureWorld();
        world.Apply(Given.Checkpoint(new PodCheckpointStatus { StartTime = Given.Start, Active = 1 }));

        await world.ReconcileAsync();

        (world.Status.Phase, world.Finished).Should().Be((Phase.Failed, Reasons.OutcomeUnknown));
        world.Status.Message.Should().Contain("s3://bucket").And.Contain("another name");
        world.Cluster.JobsEver.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
    }

    [Test]
    public async Task One_with_a_time_to_live_goes_when_it_is_over_and_takes_Job_and_plan_along()
    {
        var world = await FinishedWithTtlAsync(600);
        (await world.ReconcileAsync()).Should().Be(Result.After(TimeSpan.FromMinutes(10)));

        await world.ReconcileAfterAsync(TimeSpan.FromMinutes(10));
        world.Cluster.Checkpoints.Should().BeEmpty();
        await world.ReconcileAsync(); // Its end is an event.

        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
    }

    [Test]
    public async Task A_time_to_live_that_is_taken_back_at_the_last_moment_is_taken_back()
    {
        var world = await FinishedWithTtlAsync(600);
        world.CachedCheckpoints.Freeze();
        world.Apply(world.Checkpoint with { Spec = world.Checkpoint.Spec with { TtlSecondsAfterFinished = null } });

        await world.Invoking(w => w.ReconcileAfterAsync(TimeSpan.FromHours(1))).Should().ThrowAsync<k8s.Autorest.HttpOperationException>();
        world.CachedCheckpoints.Thaw();
        await world.ReconcileAsync();

        world.Status.Phase.Should().Be(Phase.Complete);
        world.Status.Conditions.IsTrue(ConditionTypes.SpecChanged).Should().BeFalse();
    }

    [Test]
    public async Task One_that_is_to_go_at_once_says_first_how_it_ended()
    {
        var world = await FinishedWithTtlAsync(0);

        await world.ReconcileAsync();

        world.Cluster.Checkpoints.Should().BeEmpty();
        world.EventReasons.Should().EndWith("CaptureComplete");
        world.Cluster.Writes.Where(write => write is "update status" or "delete podcheckpoint").Should().EndWith(["update status", "delete podcheckpoint"]);
    }

    private static async Task<CaptureWorld> FinishedWithTtlAsync(int seconds)
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Apply(world.Checkpoint with { Spec = world.Checkpoint.Spec with { TtlSecondsAfterFinished = seconds } });
        world.Cluster.Report(world.Agent, Given.Said(Given.Success));
        await world.ReconcileAsync();
        world.Cluster.End(world.Job, "Complete");
        return world;
    }

    private static async Task WaitsThenFailsAsync(CaptureWorld world, string reason)
    {
        world.Apply();
        var result = await world.ReconcileAsync();
        result.RequeueAfter.Should().BePositive();
        world.Status.Conditions.Single().Should().Match<Condition>(c => c.Type == ConditionTypes.Waiting && c.Status == "True" && c.Reason == reason);
        world.Status.Phase.Should().Be(Phase.Pending);

        world.Restart();
        await world.ReconcileAfterAsync(Given.Options.TargetTimeout - TimeSpan.FromSeconds(1));
        world.Status.Phase.Should().Be(Phase.Pending, "its time is not over");
        await world.ReconcileAfterAsync(TimeSpan.FromSeconds(1));

        (world.Status.Phase, world.Finished).Should().Be((Phase.Failed, reason));
        world.EventReasons.Should().Equal("Waiting", "CaptureFailed");
        world.Cluster.Writes.Should().NotContain("create plan").And.NotContain("create job");
    }
}
