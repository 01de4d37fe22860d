using System.Globalization;
using Forensics.Api;
using Forensics.Tests.Fakes;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>What one capture asks of the API server, as docs/operations.md and docs/performance.md state it.</summary>
public sealed class StatusWriteTests
{
    // Taken up with its Job; the pod is there, and with it the folder is known; the agent runs; the end.
    private const int WritesOfOne = 4;

    [Test]
    public async Task Each_news_is_written_once_and_nothing_else_is()
    {
        var world = new CaptureWorld();
        world.Apply();
        await LookAsync(world, 3);
        world.Cluster.Jobs.Values.Single().Status = new V1JobStatus { Active = 1, StartTime = world.Clock.GetUtcNow().UtcDateTime };
        await LookAsync(world, 3);
        var agent = world.Cluster.MakeAgentPod(world.Job);
        await LookAsync(world, 3);
        world.Cluster.Report(agent, Given.Running);
        await LookAsync(world, 20);
        world.Cluster.Report(agent, Given.Said(Given.Success));
        await LookAsync(world, 3);
        world.Cluster.End(world.Job, "Complete");
        await LookAsync(world, 3);
        await world.ReconcileAfterAsync(Given.Options.KeepComplete);
        await LookAsync(world, 3);

        world.Status.Phase.Should().Be(Phase.Complete);
        Writes(world).Should().Be(WritesOfOne);
        world.Cluster.IdleStatusWrites.Should().Be(0);
    }

    [Test]
    public async Task One_capture_asks_the_API_server_for_nothing_that_it_could_do_without()
    {
        var world = new CaptureWorld();
        world.Apply();
        await world.ReconcileAsync();
        var agent = world.Cluster.MakeAgentPod(world.Job);
        await world.ReconcileAsync();
        world.Cluster.Report(agent, Given.Running);
        await world.ReconcileAsync();
        world.Cluster.Report(agent, Given.Said(Given.Success));
        await world.ReconcileAsync();
        world.Cluster.End(world.Job, "Complete");
        await world.ReconcileAsync();

        world.Cluster.Calls.Should().Equal(
            "get plan", "get podcheckpoint cases/case-42", "get target", "get node", "list events", "create plan",
            "list events", "get template", "create job", "update status", "create event CaptureStarted",
            "update status", "update status", "update status", "create event CaptureComplete");
    }

    [Test]
    public async Task What_comes_together_is_written_together()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Report(world.Agent, Given.Said(Given.Success));
        await LookAsync(world, 3);

        Writes(world).Should().Be(3);
    }

    [Test]
    public async Task Progress_costs_one_write_in_ten_seconds_at_the_most()
    {
        var world = await CaptureWorld.CapturingAsync();
        var before = Writes(world);
        for (var second = 1; second <= 60; second++)
        {
            world.Cluster.Log = string.Create(
                CultureInfo.InvariantCulture, $$"""{"time":"2026-01-01T00:00:00Z","container":"app","bytes":{{second * 1024}},"artifactsDone":2}""");
            await world.ReconcileAfterAsync(TimeSpan.FromSeconds(1));
        }

        (Writes(world) - before).Should().Be(6);
    }

    private static int Writes(CaptureWorld world) => world.Cluster.Writes.Count(write => write == "update status");

    // Whatever wakes the reconciler in between.
    private static async Task LookAsync(CaptureWorld world, int times)
    {
        for (var i = 0; i < times; i++) await world.ReconcileAfterAsync(TimeSpan.FromSeconds(1));
    }
}
