using Forensics.Api;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A pair of namespaces in which one run after another takes place, and a kubelet's part in them: pods that are told to go
/// go.</summary>
internal sealed class Lane : IAsyncDisposable
{
    public const string TargetName = "bad-pod";

    private readonly List<string> _targetUids = [];
    private readonly CancellationTokenSource _end = new();
    private Task _kubelet = Task.CompletedTask;

    private Lane(Kubernetes kubernetes, string name) => (Kubernetes, Cases, Workers) = (kubernetes, $"{name}-cases", $"{name}-workers");

    public Kubernetes Kubernetes { get; }

    /// <summary>The namespace of PodCheckpoints and targets.</summary>
    public string Cases { get; }

    /// <summary>The namespace of plans, Jobs and agents.</summary>
    public string Workers { get; }

    public ClusterHistory History { get; private set; } = null!;

    public IReadOnlyList<string> TargetUids => _targetUids;

    /// <param name="controllerNamespace">Where the controller's account is.</param>
    public static async Task<Lane> OpenAsync(Kubernetes kubernetes, string name, string controllerNamespace)
    {
        var lane = new Lane(kubernetes, name);
        await RealCluster.ApplyAsync(LaneManifests.Of(lane, controllerNamespace));
        foreach (var ns in new[] { lane.Cases, lane.Workers })
        {
            await Eventually.IsTrueAsync(
                async () => (await kubernetes.CoreV1.ListNamespacedServiceAccountAsync(ns)).Items.Any(account => account.Metadata.Name == "default"),
                "the namespace has its default account, without which no pod is taken");
        }

        await lane.AddTargetAsync(TargetName, started: true);
        lane.History = await ClusterHistory.StartAsync(
            kubernetes,
            $"apis/{ForensicsApi.GroupVersion}/namespaces/{lane.Cases}/{ForensicsApi.Plural}", $"api/v1/namespaces/{lane.Cases}/events",
            $"api/v1/namespaces/{lane.Workers}/configmaps", $"apis/batch/v1/namespaces/{lane.Workers}/jobs", $"api/v1/namespaces/{lane.Workers}/pods");
        lane._kubelet = lane.PlayKubeletAsync();
        return lane;
    }

    /// <summary>A pod on the fixture's node. One that has not started has no container yet.</summary>
    public async Task AddTargetAsync(string name, bool started)
    {
        var pod = await Kubernetes.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name },
                Spec = new V1PodSpec
                {
                    NodeName = FaultNode.Name,
                    AutomountServiceAccountToken = false,
                    Containers = [new V1Container { Name = "app", Image = "shop:1" }],
                },
            },
            Cases);
        _targetUids.Add(pod.Metadata.Uid);
        if (started) await StartTargetAsync(name);
    }

    public Task StartTargetAsync(string name) => PatchPodStatusAsync(Cases, name, new V1PodStatus
    {
        Phase = "Running",
        ContainerStatuses =
        [
            new V1ContainerStatus
            {
                Name = "app", Image = "shop:1", ImageID = "docker://sha256:1", ContainerID = "docker://" + new string('c', 64), Ready = true, RestartCount = 0,
                State = new V1ContainerState { Running = new V1ContainerStateRunning() },
            },
        ],
    });

    public Task RemoveTargetAsync(string name) => Kubernetes.CoreV1.DeleteNamespacedPodAsync(name, Cases, gracePeriodSeconds: 0);

    public Task PatchPodStatusAsync(string ns, string name, V1PodStatus status) => Kubernetes.CoreV1.PatchNamespacedPodStatusAsync(
        new V1Patch(new V1Pod { Status = status }, V1Patch.PatchType.MergePatch), name, ns);

    /// <summary>Takes away what the run before has left. No controller runs.</summary>
    public async Task ClearAsync(TimeSpan patience)
    {
        await Kubernetes.CustomObjects.DeleteCollectionNamespacedCustomObjectAsync(ForensicsApi.Group, ForensicsApi.Version, Cases, ForensicsApi.Plural);
        await Kubernetes.CoreV1.DeleteCollectionNamespacedResourceQuotaAsync(Workers);
        await Kubernetes.BatchV1.DeleteCollectionNamespacedJobAsync(Workers, propagationPolicy: "Background");
        foreach (var plan in History.Of("configmaps").Where(seen => !seen.Gone && seen.Name != "kube-root-ca.crt"))
            await IfThereAsync(() => Kubernetes.CoreV1.DeleteNamespacedConfigMapAsync(plan.Name, Workers));
        await Kubernetes.CoreV1.DeleteCollectionNamespacedPodAsync(Workers, gracePeriodSeconds: 0);
        await Kubernetes.CoreV1.DeleteCollectionNamespacedEventAsync(Cases);
        await Kubernetes.CoreV1.DeleteCollectionNamespacedEventAsync(Workers);
        foreach (var pod in (await Kubernetes.CoreV1.ListNamespacedPodAsync(Cases)).Items.Where(pod => pod.Metadata.Name != TargetName))
            await IfThereAsync(() => RemoveTargetAsync(pod.Metadata.Name));
        await History.UntilAsync("the lane is empty", patience, () => IsEmpty() ? this : null);
        if (_targetUids.Count > 1) _targetUids.RemoveRange(1, _targetUids.Count - 1);
        History.Forget();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _kubelet.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await History.DisposeAsync();
        await RealCluster.KubectlAsync("delete", "namespace", Cases, Workers, "--wait=false", "--ignore-not-found");
        _end.Dispose();
    }

    private bool IsEmpty() => new[] { "podcheckpoints", "events", "configmaps", "jobs", "pods" }
        .SelectMany(History.Of)
        .All(seen => seen.Gone || seen.Name == "kube-root-ca.crt");

    // As a kubelet: the container gets its SIGTERM, the agent says that it was cancelled, and then the pod is gone.
    private async Task PlayKubeletAsync()
    {
        var done = new HashSet<string>();
        while (true)
        {
            var pod = await History.UntilAsync(
                "a pod is told to go",
                Timeout.InfiniteTimeSpan,
                () => History.Of("pods").FirstOrDefault(seen => !seen.Gone && !done.Contains(seen.Uid) && IsToGo(seen)),
                _end.Token);
            done.Add(pod.Uid);
            await IfThereAsync(() => PatchPodStatusAsync(Workers, pod.Name, AgentStates.Cancelled));
            await IfThereAsync(() => Kubernetes.CoreV1.DeleteNamespacedPodAsync(pod.Name, Workers, new V1DeleteOptions
            {
                GracePeriodSeconds = 0,
                Preconditions = new V1Preconditions { Uid = pod.Uid },
            }));
        }
    }

    private static bool IsToGo(ClusterHistory.Seen pod) => pod.Last.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _);

    private static async Task IfThereAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            // Somebody was faster.
        }
    }
}
