using Forensics.Api;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using k8s;
using k8s.Models;

namespace Forensics.Controller;

/// <summary>What the controller watches: PodCheckpoints, and the Jobs and agent pods that are ours. Every event puts the key of
/// a PodCheckpoint on the queue; Jobs and pods are found by the PodCheckpoint's UID.</summary>
internal sealed class Caches
{
    private const string Ours = $"{Labels.ManagedBy}={Labels.ManagedByValue}";

    public Caches(Kubernetes kubernetes, ControllerOptions options, RateLimitingQueue queue, ReflectorMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        var watched = options.WatchNamespaces.Count == 0 ? new string?[] { null } : [.. options.WatchNamespaces];
        var worker = options.Capture.WorkerNamespace;

        PodCheckpoints = new Informer<PodCheckpoint>(
            ResourceTypes.PodCheckpoints,
            [.. watched.Select(name => ListWatchOf(ResourceTypes.PodCheckpoints, name, null))],
            checkpoint => new ResourceKey(checkpoint.Metadata.Namespace, checkpoint.Metadata.Name),
            queue.Add,
            time,
            loggers.CreateLogger<Informer<PodCheckpoint>>(),
            resyncPeriod: options.ResyncPeriod);

        Jobs = new Informer<V1Job>(
            ResourceTypes.Jobs,
            [ListWatchOf(ResourceTypes.Jobs, worker, Ours)],
            job => OwnerOf(job.Metadata),
            queue.Add,
            time,
            loggers.CreateLogger<Informer<V1Job>>(),
            job => UidOf(job.Metadata));

        AgentPods = new Informer<V1Pod>(
            ResourceTypes.Pods,
            [ListWatchOf(ResourceTypes.Pods, worker, Ours)],
            pod => OwnerOf(pod.Metadata),
            queue.Add,
            time,
            loggers.CreateLogger<Informer<V1Pod>>(),
            pod => UidOf(pod.Metadata));
        metrics.ShowProblemsOf(All);

        MeteredListWatch<T> ListWatchOf<T>(ResourceType<T> type, string? namespaceName, string? labelSelector) =>
            new(new ListWatch<T>(kubernetes, type, namespaceName, labelSelector, time), metrics, time);
    }

    public Informer<PodCheckpoint> PodCheckpoints { get; }

    public Informer<V1Job> Jobs { get; }

    public Informer<V1Pod> AgentPods { get; }

    public IReadOnlyList<IInformer> All => [PodCheckpoints, Jobs, AgentPods];

    // Annotations, not owner references: those may not cross namespaces.
    private static ResourceKey? OwnerOf(V1ObjectMeta metadata) =>
        metadata.Annotations is { } annotations
        && annotations.TryGetValue(Labels.PodCheckpointNamespace, out var namespaceName)
        && annotations.TryGetValue(Labels.PodCheckpointName, out var name)
            ? new ResourceKey(namespaceName, name)
            : null;

    private static string? UidOf(V1ObjectMeta metadata) =>
        metadata.Labels is { } labels && labels.TryGetValue(Labels.PodCheckpointUid, out var uid) ? uid : null;
}
