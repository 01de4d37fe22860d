using System.Collections.Concurrent;
using System.Text;
using Forensics.Controller;
using Forensics.Tests.Deploy;
using Forensics.Tests.Deploy.Access;
using k8s;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>All that runs share: a node, an account with the controller's rights, and lanes in which several runs go on at once.</summary>
internal sealed class FaultBench : IAsyncDisposable
{
    // Most of a run is waiting: for processes to start, for servers that lag.
    private static readonly int Lanes = Math.Clamp(Environment.ProcessorCount * 2, 2, 16);

    private readonly Kubernetes _kubernetes;
    private readonly ScratchAccess _access;
    private readonly FaultNode _node;
    private readonly List<Lane> _lanes = [];

    private FaultBench(Kubernetes kubernetes, ScratchAccess access, FaultNode node, HttpClient apiServer, string token)
    {
        (_kubernetes, _access, _node, ApiServer, Token) = (kubernetes, access, node, apiServer, token);
    }

    /// <summary>The line of all proxies to the API server.</summary>
    public HttpClient ApiServer { get; }

    /// <summary>Of the account that the controller has here.</summary>
    public string Token { get; }

    public static async Task<FaultBench> SetUpAsync()
    {
        var descriptor = RealCluster.Descriptor;
        var kubernetes = KubernetesConnection.Open(descriptor.Kubeconfig, "");
        var access = await ScratchAccess.ApplyAsync(await Overlay.RenderAsync("base"), new AccessReviews(kubernetes));
        var (token, authority) = await AccountAsync(kubernetes, access.System);
        var bench = new FaultBench(
            kubernetes, access, await FaultNode.JoinAsync(kubernetes), ApiServerLine.Open(descriptor.ApiUrl, authority), token);
        foreach (var name in Enumerable.Range(1, Lanes).Select(n => $"fault-{Guid.NewGuid().ToString()[..4]}-{n}"))
            bench._lanes.Add(await Lane.OpenAsync(kubernetes, name, access.System));
        return bench;
    }

    /// <summary>Does it all, each piece of it in a lane that is free.</summary>
    public async Task ForEachAsync<T>(IEnumerable<T> work, Func<Lane, T, Task> act)
    {
        var free = new ConcurrentBag<Lane>(_lanes);
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = _lanes.Count }, async (one, _) =>
        {
            free.TryTake(out var lane);
            await act(lane!, one);
            free.Add(lane!);
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.DisposeAsync();
        await _node.DisposeAsync();
        await _access.DisposeAsync();
        ApiServer.Dispose();
        _kubernetes.Dispose();
    }

    // Kubernetes 1.20 makes a Secret with a lasting token for every ServiceAccount, in its own time.
    private static async Task<(string Token, string Authority)> AccountAsync(Kubernetes kubernetes, string ns)
    {
        string? secret = null;
        await Eventually.IsTrueAsync(
            async () => (secret = (await kubernetes.CoreV1.ReadNamespacedServiceAccountAsync(ControllerKubeconfig.ServiceAccount, ns)).Secrets?.FirstOrDefault()?.Name) is not null,
            "the account has a token");
        var data = (await kubernetes.CoreV1.ReadNamespacedSecretAsync(secret, ns)).Data;
        return (Encoding.UTF8.GetString(data["token"]), Encoding.UTF8.GetString(data["ca.crt"]));
    }
}
