using System.Text.Json;
using Forensics.Api;

namespace Forensics.Tests.Cluster;

/// <summary>A namespace of a test's own, with the pods and PodCheckpoints in it and the evidence that is stored under its name; all gone
/// when the test ends.</summary>
internal sealed class Scenario : IAsyncDisposable
{
    private static readonly TimeSpan CaptureLimit = TimeSpan.FromMinutes(3);

    private Scenario(string namespaceName) => Namespace = namespaceName;

    public string Namespace { get; }

    public static async Task<Scenario> StartAsync()
    {
        var scenario = new Scenario($"e2e-{Guid.NewGuid():N}"[..12]);
        await RealCluster.KubectlAsync("create", "namespace", scenario.Namespace);
        return scenario;
    }

    public async Task<string> RunPodAsync(TargetPod pod)
    {
        await RealCluster.ApplyAsync(pod.ToYaml(Namespace));
        await RealCluster.EventuallyAsync(
            $"pod {pod.Name} is up", RealCluster.Patience, () => PodPhaseAsync(pod), phase => phase == pod.SettledPhase);
        return pod.Name;
    }

    /// <summary>A pod whose capture takes some seconds, time for a test to interfere: each of its containers has a big file,
    /// stored as it is, of zeros that were written: to make random bytes takes longer than to capture them.</summary>
    public async Task RunBigPodAsync(TargetPod pod, int mebibytes = 300)
    {
        var script = $"dd if=/dev/zero of=/big bs=1M count={mebibytes}; touch /ready; {TargetPod.Forever}";
        var big = pod with { Containers = [.. pod.Containers.Select(container => (container.Name, script))] };
        await RunPodAsync(big);
        foreach (var (container, _) in big.Containers)
        {
            await RealCluster.EventuallyAsync(
                $"the big file of {container} is there", RealCluster.Patience,
                () => RealCluster.TryKubectlAsync("exec", "-n", Namespace, pod.Name, "-c", container, "--", "ls", "/ready"),
                listed => listed.ExitCode == 0);
        }
    }

    /// <summary>Applies a PodCheckpoint as a person would; what is not said is left to the defaults.</summary>
    public Task CheckpointAsync(string name, string pod, string? destination = null, string? targetNamespace = null, string volumes = "[]") =>
        RealCluster.ApplyAsync($"""
            apiVersion: forensics.keikoproj.io/v1alpha1
            kind: PodCheckpoint
            metadata:
              name: {name}
              namespace: {Namespace}
            spec:
              destination: {destination ?? $"s3://{RealCluster.Bucket}/{Namespace}"}
              pod: {pod}
              volumes: {volumes}
            {(targetNamespace is null ? "" : $"  namespace: {targetNamespace}")}
            """);

    public async Task<PodCheckpoint> GetAsync(string name)
    {
        var json = await RealCluster.KubectlAsync("get", "podcheckpoints.forensics.keikoproj.io", "-n", Namespace, name, "-o", "json");
        return JsonSerializer.Deserialize(json, ApiJson.Compact.PodCheckpoint)!;
    }

    /// <summary>Waits as the README says: on the condition Finished, which comes on either end.</summary>
    public async Task<PodCheckpoint> FinishedAsync(string name, TimeSpan? limit = null)
    {
        var seconds = (int)(limit ?? CaptureLimit).TotalSeconds;
        var waited = await RealCluster.TryKubectlAsync(
            "wait", "-n", Namespace, $"pcp/{name}", "--for=condition=Finished", $"--timeout={seconds}s");
        var ended = await GetAsync(name);
        waited.ExitCode.Should().Be(0, $"{name} must finish; its status: {JsonSerializer.Serialize(ended.Status, ApiJson.Readable.PodCheckpointStatus)}");
        return ended;
    }

    /// <summary>Waits for any state of the PodCheckpoint, such as that the agent runs.</summary>
    public Task<PodCheckpoint> EventuallyAsync(string name, string what, Func<PodCheckpointStatus, bool> condition) =>
        RealCluster.EventuallyAsync(what, CaptureLimit, () => GetAsync(name), seen => seen.Status is { } status && condition(status));

    /// <returns>Of the pod's first container, without its runtime's name.</returns>
    public async Task<string> ContainerIdAsync(string pod) => (await RealCluster.KubectlAsync(
        "get", "pod", "-n", Namespace, pod, "-o", "jsonpath={.status.containerStatuses[0].containerID}")).Trim().Split("://")[1];

    /// <summary>The Jobs (or other objects of the worker namespace) that belong to a PodCheckpoint.</summary>
    public static async Task<IReadOnlyList<string>> OwnedAsync(string resource, PodCheckpoint owner)
    {
        var names = await RealCluster.KubectlAsync(
            "get", resource, "-n", RealCluster.WorkerNamespace, "-l", $"{Labels.PodCheckpointUid}={owner.Metadata.Uid}", "-o", "name");
        return names.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A status, whole: two are the same if these are.</summary>
    public static string StatusOf(PodCheckpoint checkpoint) => JsonSerializer.Serialize(checkpoint.Status, ApiJson.Compact.PodCheckpointStatus);

    public async ValueTask DisposeAsync()
    {
        await RealCluster.KubectlAsync("delete", "namespace", Namespace, "--wait=false", "--ignore-not-found");
        await EvidenceFolder.DeleteAllAsync(Namespace + "/");
    }

    private async Task<string> PodPhaseAsync(TargetPod pod) =>
        await RealCluster.KubectlAsync("get", "pod", "-n", Namespace, pod.Name, "-o", "jsonpath={.status.phase}");
}
