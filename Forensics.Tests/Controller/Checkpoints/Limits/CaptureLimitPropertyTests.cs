using CsCheck;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;

namespace Forensics.Tests.Controller.Checkpoints.Limits;

/// <summary>Whatever comes, ends, is deleted or dies in whatever order: never more than the limits at once, nobody overtaken on a
/// node, and in the end everybody had a turn.</summary>
public sealed class CaptureLimitPropertyTests
{
    [Test]
    public Task Never_above_the_limits_in_order_and_nobody_starves() =>
        Gen.Select(Gen.Int[1, 2], Gen.Int[1, 4], Steps.Array[1, 50]).SampleAsync(
            async (perNode, inAll, steps) =>
            {
                var cluster = new CrowdedCluster(perNode, inAll);
                foreach (var (step, n) in steps)
                {
                    var queued = cluster.Applied.Where(cluster.IsQueued).ToList();
                    cluster.TurnsGiven.Clear();
                    await DoAsync(cluster, step, n);
                    CheckLimits(cluster);
                    foreach (var key in cluster.TurnsGiven) CheckOrder(cluster, key, queued);
                }

                await CalmDownAsync(cluster);
            },
            iter: 200);

    private enum Step
    {
        Apply, Work, AgentGoesOn, Delete, Restart, CrashBeforeWrite, CrashAfterWrite, FreezeJobs, FreezeAgentPods, FreezeCheckpoints, Thaw,
    }

    private static readonly Gen<(Step Step, int N)> Steps = Gen.Select(
        Gen.Frequency(
            (4, Gen.Const(Step.Apply)),
            (10, Gen.Const(Step.Work)),
            (8, Gen.Const(Step.AgentGoesOn)),
            (1, Gen.Int[(int)Step.Delete, (int)Step.Thaw].Select(i => (Step)i)),
            (1, Gen.Const(Step.Thaw))),
        Gen.Int[0, 1000]);

    private static async Task DoAsync(CrowdedCluster cluster, Step step, int n)
    {
        var world = cluster.World;
        switch (step)
        {
            case Step.Apply: cluster.Apply(n % 3); break;
            case Step.Work when cluster.Queue.Count > 0: await cluster.WorkAsync(n); break;
            case Step.CrashBeforeWrite when cluster.Queue.Count > 0: await CrashAsync(cluster, n, before: true); break;
            case Step.CrashAfterWrite when cluster.Queue.Count > 0: await CrashAsync(cluster, n, before: false); break;
            case Step.AgentGoesOn when cluster.Applied.Count > 0: cluster.LetAgentGoOn(cluster.Applied[n % cluster.Applied.Count]); break;
            case Step.Delete when cluster.Applied.Count > 0: cluster.Delete(cluster.Applied[n % cluster.Applied.Count]); break;
            case Step.Restart: cluster.Restart(); break;
            case Step.FreezeJobs: world.CachedJobs.Freeze(); break;
            case Step.FreezeAgentPods: world.CachedAgentPods.Freeze(); break;
            case Step.FreezeCheckpoints: world.CachedCheckpoints.Freeze(); break;
            case Step.Thaw: cluster.Thaw(); break;
        }
    }

    private static async Task CrashAsync(CrowdedCluster cluster, int n, bool before)
    {
        var world = cluster.World;
        if (before) world.Cluster.BeforeWrite = _ => throw new ProcessDiedException();
        else world.Cluster.AfterWrite = _ => throw new ProcessDiedException();
        await cluster.WorkAsync(n);
        world.Cluster.BeforeWrite = world.Cluster.AfterWrite = _ => { };
    }

    private static void CheckLimits(CrowdedCluster cluster)
    {
        var busy = cluster.Busy.ToList();
        if (busy.Count > cluster.Limits.InAll) Assert.Fail($"{busy.Count} work");
        if (busy.CountBy(node => node).FirstOrDefault(node => node.Value > cluster.Limits.PerNode) is { Key: { } node, Value: var count })
            Assert.Fail($"{count} work on {node}");
    }

    // Whose turn came in the same step, or in one before, went first: its Job may be there while its status still says that it waits.
    // Whoever is gone or has ended wants no turn. Who came while no controller looked is in no line yet, and is not overtaken either.
    private static void CheckOrder(CrowdedCluster cluster, ResourceKey next, List<ResourceKey> queuedBefore)
    {
        var overtaken = queuedBefore.Find(key =>
            !cluster.TurnsGiven.Contains(key) && !cluster.HasTurn(key) && !cluster.Started.Contains(key) && cluster.IsQueued(key)
            && cluster.NodeOf(key) == cluster.NodeOf(next) && cluster.Applied.IndexOf(key) < cluster.Applied.IndexOf(next));
        if (overtaken == default) overtaken = cluster.CameMeanwhile.FirstOrDefault(key => cluster.Applied.IndexOf(key) < cluster.Applied.IndexOf(next));
        if (overtaken != default) Assert.Fail($"{next} overtakes {overtaken}");
    }

    /// <summary>From here on all goes well: whoever still wants a capture gets one.</summary>
    private static async Task CalmDownAsync(CrowdedCluster cluster)
    {
        cluster.Thaw();
        for (var i = 0; i < 10 * (cluster.Applied.Count + 1) && !cluster.Applied.TrueForAll(key => HasEnded(cluster, key)); i++)
        {
            await cluster.WorkAllAsync();
            CheckLimits(cluster);
            foreach (var key in cluster.Applied) cluster.LetAgentGoOn(key);
        }

        cluster.Applied.Where(key => !HasEnded(cluster, key)).Should().BeEmpty("nobody starves");
        cluster.Thaw();
        await cluster.WorkAllAsync();
        (cluster.World.Turns.Running, cluster.World.Turns.Waiting).Should().Be((0, 0));
    }

    private static bool HasEnded(CrowdedCluster cluster, ResourceKey key) =>
        cluster.World.Cluster.Checkpoints.GetValueOrDefault(key) is not { } checkpoint || Observation.IsFinal(checkpoint);
}
