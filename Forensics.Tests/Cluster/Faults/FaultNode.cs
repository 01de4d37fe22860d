using k8s;
using k8s.Models;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A node without a kubelet: nothing that is bound to it ever runs, and the tests say how it does.</summary>
internal sealed class FaultNode : IAsyncDisposable
{
    public const string Name = "fault-node";

    // Well below the 40 seconds after which the controller manager gives up a node.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly Kubernetes _kubernetes;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _beating;

    private FaultNode(Kubernetes kubernetes)
    {
        _kubernetes = kubernetes;
        _beating = BeatAsync();
    }

    public static async Task<FaultNode> JoinAsync(Kubernetes kubernetes)
    {
        await RealCluster.KubectlAsync("delete", "node", Name, "--ignore-not-found"); // Of a run that was broken off.
        await kubernetes.CoreV1.CreateNodeAsync(new V1Node { Metadata = new V1ObjectMeta { Name = Name } });
        await ReportReadyAsync(kubernetes);
        return new FaultNode(kubernetes);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _kubernetes.CoreV1.DeleteNodeAsync(Name);
        _end.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Heartbeat);
        while (await timer.WaitForNextTickAsync(_end.Token)) await ReportReadyAsync(_kubernetes);
    }

    private static Task<V1Node> ReportReadyAsync(Kubernetes kubernetes)
    {
        var now = DateTime.UtcNow;
        var ready = new V1NodeCondition { Type = "Ready", Status = "True", Reason = "TestSays", LastHeartbeatTime = now, LastTransitionTime = now };
        return kubernetes.CoreV1.PatchNodeStatusAsync(
            new V1Patch(new V1Node { Status = new V1NodeStatus { Conditions = [ready] } }, V1Patch.PatchType.MergePatch), Name);
    }
}
