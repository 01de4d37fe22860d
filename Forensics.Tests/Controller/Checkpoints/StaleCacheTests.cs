using Forensics.Api;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>A process that starts against an API server that lags behind: one cache is of today, another of yesterday.</summary>
public sealed class StaleCacheTests
{
    [Test]
    public async Task The_log_of_an_agent_that_has_failed_is_not_taken_away_because_a_cache_still_shows_it_at_work()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.CachedJobs.Freeze();
        world.CachedAgentPods.Freeze();
        world.Cluster.Report(world.Agent, Given.Said(Given.Failure()));
        world.Cluster.End(world.Job, "Failed");
        world.Apply(world.Checkpoint with { Status = world.Status with { Phase = Phase.Failed, CompletionTime = world.Clock.GetUtcNow() } });

        world.Restart();
        await world.ReconcileAsync();

        (world.Cluster.Jobs.Count, world.Cluster.Plans.Count).Should().Be((1, 1), "people may read it for a day");
    }

    [Test]
    public async Task How_an_agent_died_is_told_by_the_cache_that_saw_it_though_its_pod_is_gone_since()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Report(world.Agent, Given.Terminated("panic", 137, "OOMKilled"));
        world.CachedAgentPods.Freeze();
        world.Cluster.AgentPods.Clear();

        await world.ReconcileAsync();

        world.Finished.Should().Be(Reasons.OutcomeUnknown, world.Status.Message);
        world.Status.Message.Should().Contain("OOMKilled").And.Contain("panic");
    }

    [Test]
    public async Task An_agent_that_is_at_work_after_the_end_is_stopped()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Apply(world.Checkpoint with { Status = world.Status with { Phase = Phase.Failed, CompletionTime = world.Clock.GetUtcNow() } });

        world.Restart();
        await world.ReconcileAsync();

        (world.Cluster.Jobs.Count, world.Cluster.Plans.Count).Should().Be((0, 0));
    }
}
