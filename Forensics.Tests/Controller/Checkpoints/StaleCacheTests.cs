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
    public async Task An_agent_that_is_at_work_after_the_end_is_stopped()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Apply(world.Checkpoint with { Status = world.Status with { Phase = Phase.Failed, CompletionTime = world.Clock.GetUtcNow() } });

        world.Restart();
        await world.ReconcileAsync();

        (world.Cluster.Jobs.Count, world.Cluster.Plans.Count).Should().Be((0, 0));
    }
}
