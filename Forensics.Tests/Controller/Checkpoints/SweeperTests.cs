using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Controller.Reconciling;
using Forensics.Tests.Fakes;
using k8s.Autorest;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>What becomes of plans and Jobs that nobody asks for any more.</summary>
public sealed class SweeperTests
{
    [Test]
    public async Task Deleting_the_PodCheckpoint_cancels_its_Job()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Checkpoints.Clear();

        (await world.ReconcileAsync()).Should().Be(Result.Done);

        NothingIsLeft(world);
    }

    [Test]
    public async Task A_Job_that_the_cache_does_not_know_yet_goes_with_its_plan()
    {
        var world = new CaptureWorld();
        world.CachedJobs.Freeze();
        world.Apply();
        await world.ReconcileAsync();
        world.Cluster.Checkpoints.Clear();

        await world.ReconcileAsync();

        NothingIsLeft(world);
    }

    [Test]
    public async Task A_new_process_finds_what_the_one_before_left()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Checkpoints.Clear();
        world.Restart();

        await world.SweepAsync();

        NothingIsLeft(world);
    }

    [Test]
    public async Task A_PodCheckpoint_that_only_the_cache_has_lost_keeps_its_Job()
    {
        var world = await CaptureWorld.CapturingAsync();
        var checkpoint = world.Checkpoint;
        world.Cluster.Checkpoints.Clear();
        world.CachedCheckpoints.Freeze();
        world.Apply(checkpoint);

        await world.ReconcileAsync();
        await world.SweepAsync();

        world.Cluster.Jobs.Should().HaveCount(1);
        world.Cluster.Plans.Should().HaveCount(1);
    }

    [Test]
    public async Task A_PodCheckpoint_made_anew_under_the_same_name_is_another_capture()
    {
        var world = await CaptureWorld.CapturingAsync();
        var again = Given.Checkpoint();
        world.Apply(again with { Metadata = again.Metadata with { Uid = "99999999-2222-3333-4444-555555555555" } });

        await world.ReconcileAsync(); // The first one's agent still has the node's only place,
        world.Woken.Should().Equal(CaptureWorld.Key);
        await world.ReconcileAsync(); // until its Job is gone.

        world.Cluster.Jobs.Keys.Should().Equal("forensics-99999999-2222-3333-4444-555555555555");
        world.Cluster.Plans.Keys.Should().Equal("forensics-99999999-2222-3333-4444-555555555555");
    }

    [Test]
    public async Task A_PodCheckpoint_about_to_be_deleted_is_cancelled_already()
    {
        var world = await CaptureWorld.CapturingAsync();
        var checkpoint = world.Checkpoint;
        world.Apply(checkpoint with { Metadata = checkpoint.Metadata with { DeletionTimestamp = Given.Start } });

        await world.ReconcileAsync();
        NothingIsLeft(world);
        (await world.ReconcileAsync()).Should().Be(Result.Done);
        NothingIsLeft(world);
    }

    [Test]
    public async Task What_is_in_use_survives_every_sweep()
    {
        var world = await CaptureWorld.CapturingAsync();
        await world.SweepAsync();
        (await CaptureWorld.FinishedAsync(Given.Success)).Cluster.Jobs.Should().HaveCount(1);
        world.Cluster.Jobs.Should().HaveCount(1);
        world.Cluster.Plans.Should().HaveCount(1);
    }

    [Test]
    public async Task A_namespace_that_is_not_watched_is_never_asked_and_never_swept()
    {
        // The worker namespace is shared: the Job is another controller's, whose PodCheckpoints this one may not even read.
        var world = await CaptureWorld.CapturingAsync(new ControllerOptions { WatchNamespaces = ["elsewhere"] });
        world.Cluster.Checkpoints.Clear();
        world.Cluster.Calls.Clear();

        await world.ReconcileAsync();
        await world.SweepAsync();

        world.Cluster.Jobs.Should().HaveCount(1);
        world.Cluster.Plans.Should().HaveCount(1);
        world.Cluster.Calls.Should().NotContain(call => call.StartsWith("get podcheckpoint", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_namespace_that_is_watched_is_swept()
    {
        var world = await CaptureWorld.CapturingAsync(new ControllerOptions { WatchNamespaces = ["cases"] });
        world.Cluster.Checkpoints.Clear();
        await world.SweepAsync();
        NothingIsLeft(world);
    }

    [Test]
    public async Task A_plan_whose_capture_ended_without_a_Job_is_removed_by_the_sweep()
    {
        var world = await CaptureWorld.FinishedAsync(Given.Success);
        world.Cluster.RemoveJob(Given.Name);
        await world.SweepAsync();
        NothingIsLeft(world);
    }

    [Test]
    public async Task A_capture_that_ends_while_the_sweep_looks_keeps_its_plan_and_its_Job()
    {
        var world = new CaptureWorld();
        world.Cluster.JobRefusal = "quota";
        world.Apply();
        await world.ReconcileAsync();
        world.Cluster.JobRefusal = null;
        var (plan, cluster) = (world.Cluster.Plans.Values.Single(), world.Cluster);
        cluster.AfterListingPlans = async () =>
        {
            await world.ReconcileAsync();
            cluster.Report(cluster.MakeAgentPod(world.Job), Given.Said(Given.Success));
            await world.ReconcileAsync();
            cluster.End(world.Job, "Complete");
        };

        await world.SweepAsync();

        world.Finished.Should().Be(Given.Success.Reason);
        cluster.Plans.Values.Should().ContainSingle().Which.Metadata.Uid.Should().Be(plan.Metadata.Uid);
        cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task What_is_refused_for_one_leaves_the_others_to_be_removed()
    {
        var world = new CaptureWorld(new ControllerOptions { Capture = new CaptureOptions { MaxCapturesPerNode = 2 } });
        world.Apply();
        await world.ReconcileAsync();
        var other = Given.Checkpoint() with { Metadata = Given.Checkpoint().Metadata with { Name = "case-43", Uid = "99999999-2222-3333-4444-555555555555" } };
        world.Apply(other);
        await world.ReconcileAsync(new ResourceKey("cases", "case-43"));
        world.Cluster.Checkpoints.Clear();
        var refused = false;
        world.Cluster.BeforeWrite = _ => { if (!refused) { refused = true; throw InMemoryCluster.Conflict(); } };

        await world.Invoking(w => w.SweepAsync()).Should().ThrowAsync<HttpOperationException>();

        world.Cluster.Plans.Should().HaveCount(1, "one of two was refused");
        await world.SweepAsync();
        NothingIsLeft(world);
    }

    [Test]
    public async Task One_that_is_deleted_while_it_waits_for_its_turn_leaves_no_plan()
    {
        var world = await CaptureWorld.CapturingAsync();
        var (key, next) = (new ResourceKey("cases", "case-43"), Given.Checkpoint());
        world.Apply(next with { Metadata = next.Metadata with { Name = key.Name, Uid = "99999999-2222-3333-4444-555555555555" } });
        await world.ReconcileAsync(key);
        world.Cluster.Plans.Should().HaveCount(2);
        world.Cluster.Checkpoints.Remove(key);

        await world.ReconcileAsync(key);

        world.Cluster.Plans.Should().HaveCount(1);
        world.Cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task A_plan_that_no_answer_told_of_goes_too()
    {
        var world = new CaptureWorld();
        world.Cluster.AfterWrite = what => { if (what == "create plan") throw new ProcessDiedException(); };
        world.Apply();
        await world.Invoking(w => w.ReconcileAsync()).Should().ThrowAsync<ProcessDiedException>();
        world.Cluster.AfterWrite = _ => { };
        world.Cluster.Plans.Should().HaveCount(1);
        world.Cluster.Checkpoints.Clear();

        await world.ReconcileAsync();

        NothingIsLeft(world);
    }

    // The Job's and its pod's last events bring the key again, and so does the time for which an ended Job is kept.
    [Test]
    public async Task What_is_gone_costs_nothing_when_its_key_comes_again()
    {
        var world = await CaptureWorld.FinishedAsync(Given.Success);
        world.Cluster.Checkpoints.Clear();
        await world.ReconcileAsync();
        NothingIsLeft(world);
        world.Cluster.Calls.Clear();

        for (var i = 0; i < 3; i++) (await world.ReconcileAsync()).Should().Be(Result.Done);

        world.Cluster.Calls.Should().BeEmpty();
    }

    private static void NothingIsLeft(CaptureWorld world)
    {
        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
        world.Cluster.AgentPods.Should().BeEmpty();
    }
}
