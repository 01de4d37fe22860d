using BenchmarkDotNet.Attributes;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using k8s;

namespace Forensics.Tests.Bench.Decode;

/// <summary>One watch, read through each client's whole way from the HTTP answer to objects.</summary>
public class WatchDecoding
{
    private const int Events = CannedWatch.Events;

    private readonly KubernetesClientConfiguration _server = new() { Host = "http://127.0.0.1" };

    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public async Task KubernetesClientAsync()
    {
        var seen = 0;
        using var kubernetes = Connect();
        await foreach (var (_, pod) in kubernetes.CoreV1.WatchListNamespacedPodAsync("forensics-workers"))
            if (pod.Status.Phase == "Succeeded") seen++;
        Expect(seen);
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public async Task OursAsync()
    {
        var seen = 0;
        using var kubernetes = Connect();
        var pods = new ListWatch<AgentPod>(kubernetes, ResourceTypes.Pods, "forensics-workers", null, TimeProvider.System);
        await foreach (var change in pods.WatchAsync("1", CancellationToken.None))
            if (change.Object!.Phase == "Succeeded") seen++;
        Expect(seen);
    }

    private Kubernetes Connect() => new(_server, new CannedWatch());

    private static void Expect(int seen)
    {
        if (seen != Events) throw new InvalidDataException($"{seen} of {Events} events were read.");
    }
}
