using Forensics.Api;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>The process dies right before or right after each single write of a capture, and another takes over. Every time the
/// cluster must come to the same end as if nothing had happened, with one plan and one Job.</summary>
public sealed class CrashPointTests
{
    private static readonly Dictionary<string, Func<CaptureWorld, Task>> Stories = new()
    {
        ["success"] = world => LiveAsync(world, Given.Said(Given.Success)),
        ["failure"] = world => LiveAsync(world, Given.Said(Given.Failure())),
        ["a dead agent"] = world => LiveAsync(world, Given.Terminated(null, 137, "OOMKilled")),
        ["an agent that is replaced"] = ReplaceAsync,
        ["an image that is not there"] = NeverStartAsync,
        ["no target"] = world =>
        {
            world.Cluster.Targets.Clear();
            return TurnAsync(world);
        },
        ["a name that is taken"] = world =>
        {
            world.Cluster.Jobs.TryAdd(Given.Name, new() { Metadata = new() { Name = Given.Name, NamespaceProperty = "forensics-workers", Uid = "foreign" } });
            return TurnAsync(world);
        },
    };

    private static IEnumerable<TestCaseData> Points()
    {
        foreach (var story in Stories.Keys)
        {
            var writes = PlayAsync(story, _ => { }, _ => { }).GetAwaiter().GetResult().Cluster.Writes.ToList();
            for (var n = 0; n < writes.Count; n++)
            {
                yield return new TestCaseData(story, n, true).SetName($"{story}: dies before write {n + 1}, {writes[n]}");
                yield return new TestCaseData(story, n, false).SetName($"{story}: dies after write {n + 1}, {writes[n]}");
            }
        }
    }

    [TestCaseSource(nameof(Points))]
    public async Task Whoever_takes_over_brings_it_to_the_same_end(string story, int n, bool before)
    {
        var smooth = await PlayAsync(story, _ => { }, _ => { });
        var (count, died) = (0, false);

        var crashed = await PlayAsync(story, before ? DieAtTheNth : _ => { }, before ? _ => { } : DieAtTheNth);

        died.Should().BeTrue();
        crashed.Finished.Should().Be(smooth.Finished);
        crashed.Status.Phase.Should().Be(smooth.Status.Phase);
        crashed.Status.ManifestSha256.Should().Be(smooth.Status.ManifestSha256);
        crashed.Cluster.JobsEver.Should().HaveSameCount(smooth.Cluster.JobsEver);
        crashed.Cluster.Jobs.Keys.Should().Equal(smooth.Cluster.Jobs.Keys);
        crashed.Cluster.Plans.Should().BeEmpty();
        crashed.Cluster.IdleStatusWrites.Should().Be(0);

        void DieAtTheNth(string write)
        {
            if (died || count++ != n) return;
            died = true;
            throw new ProcessDiedException();
        }
    }

    [Test]
    public async Task Whoever_takes_over_cancels_what_the_one_before_was_cancelling([Values("delete plan", "delete job")] string write, [Values] bool before)
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Checkpoints.Clear();
        if (before) world.Cluster.BeforeWrite = Die;
        else world.Cluster.AfterWrite = Die;
        await world.Invoking(w => w.ReconcileAsync()).Should().ThrowAsync<ProcessDiedException>();

        world.Cluster.BeforeWrite = world.Cluster.AfterWrite = _ => { };
        world.Restart();
        await world.SweepAsync();

        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();

        void Die(string what)
        {
            if (what == write) throw new ProcessDiedException();
        }
    }

    private static async Task<CaptureWorld> PlayAsync(string story, Action<string> before, Action<string> after)
    {
        var world = new CaptureWorld { Cluster = { BeforeWrite = before, AfterWrite = after } };
        world.Apply();
        for (var i = 0; i < 12; i++) await Stories[story](world);
        var final = InMemoryCluster.JsonOf(world.Status);
        for (var i = 0; i < 4; i++) await TurnAsync(world, TimeSpan.FromDays(2));
        InMemoryCluster.JsonOf(world.Status).Should().Be(final, "the end is final");
        return world;
    }

    /// <summary>The agent appears, runs, and ends so.</summary>
    private static async Task LiveAsync(CaptureWorld world, k8s.Models.V1ContainerState end)
    {
        await TurnAsync(world);
        if (world.Cluster.Jobs.Values.FirstOrDefault() is not { } job || job.Seen().End is not null) return;
        switch (world.Cluster.AgentPods.FirstOrDefault())
        {
            case null: world.Cluster.MakeAgentPod(job); break;
            case { Status.ContainerStatuses: null } pod: world.Cluster.Report(pod, Given.Running); break;
            case { Status.Phase: "Running" } pod: world.Cluster.Report(pod, end); break;
            default: world.Cluster.End(job, world.Agent.Status.Phase == "Succeeded" ? "Complete" : "Failed"); break;
        }
    }

    private static async Task ReplaceAsync(CaptureWorld world)
    {
        await LiveAsync(world, Given.Running);
        if (world.Status.Phase != Phase.Capturing || world.Cluster.Jobs.Count == 0) return;
        world.Cluster.AgentPods.Clear();
        world.Cluster.MakeAgentPod(world.Job);
    }

    private static async Task NeverStartAsync(CaptureWorld world)
    {
        await TurnAsync(world, TimeSpan.FromMinutes(1));
        if (world.Cluster.Jobs.Count == 0) return;
        var pod = world.Cluster.AgentPods.FirstOrDefault() ?? world.Cluster.MakeAgentPod(world.Job);
        world.Cluster.Report(pod, Given.Waiting("ImagePullBackOff"));
    }

    /// <summary>Time goes by, and the process does what it does. Where it dies another starts, with the sweep of every start.</summary>
    private static async Task TurnAsync(CaptureWorld world, TimeSpan? time = null)
    {
        world.Clock.Advance(time ?? TimeSpan.FromSeconds(11));
        try
        {
            await world.ReconcileAsync();
            await world.SweepAsync();
        }
        catch (ProcessDiedException)
        {
            world.Restart();
        }
    }
}
