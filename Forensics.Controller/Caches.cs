using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Limits;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using k8s;

namespace Forensics.Controller;

/// <summary>What the controller watches: PodCheckpoints, and the Jobs and agent pods that are ours. Every event tells the key of
/// a PodCheckpoint; Jobs and pods are found by the PodCheckpoint's UID.</summary>
internal sealed class Caches
{
    private const string Ours = $"{Labels.ManagedBy}={Labels.ManagedByValue}";

    public Caches(Kubernetes kubernetes, ControllerOptions options, QueueGate gate, ReflectorMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        var watched = options.WatchNamespaces.Count == 0 ? new string?[] { null } : [.. options.WatchNamespaces];
        var worker = options.Capture.WorkerNamespace;
        var checkpoints = ResourceTypes.PodCheckpoints.Keeping(EndedCheckpoint.PartOf);

        PodCheckpoints = new Informer<PodCheckpoint>(
            checkpoints,
            [.. watched.Select(name => ListWatchOf(checkpoints, name, null))],
            checkpoint => new ResourceKey(checkpoint.Metadata.Namespace, checkpoint.Metadata.Name),
            key => gate.Add(key, PriorityOfCheckpoint(key)),
            time,
            loggers.CreateLogger<Informer<PodCheckpoint>>(),
            resyncPeriod: options.ResyncPeriod,
            order: CaptureTicket.OrderOfRequests);

        Jobs = new Informer<AgentJob>(
            ResourceTypes.Jobs,
            [ListWatchOf(ResourceTypes.Jobs, worker, Ours)],
            job => job.Metadata.Checkpoint,
            key => gate.Add(key),
            time,
            loggers.CreateLogger<Informer<AgentJob>>(),
            job => job.Metadata.CheckpointUid);

        AgentPods = new Informer<AgentPod>(
            ResourceTypes.Pods,
            [ListWatchOf(ResourceTypes.Pods, worker, Ours)],
            pod => pod.Metadata.Checkpoint,
            key => gate.Add(key),
            time,
            loggers.CreateLogger<Informer<AgentPod>>(),
            pod => pod.Metadata.CheckpointUid);
        metrics.ShowProblemsOf(All);

        MeteredListWatch<T> ListWatchOf<T>(ResourceType<T> type, string? namespaceName, string? labelSelector) =>
            new(new ListWatch<T>(kubernetes, type, namespaceName, labelSelector, time), metrics, time);
    }

    public Informer<PodCheckpoint> PodCheckpoints { get; }

    public Informer<AgentJob> Jobs { get; }

    public Informer<AgentPod> AgentPods { get; }

    public IReadOnlyList<IInformer> All => [PodCheckpoints, Jobs, AgentPods];

    // What is asked for waits behind what goes on, of which Jobs and pods tell; a request that is taken back ends something that goes on.
    private Priority PriorityOfCheckpoint(ResourceKey key) =>
        PodCheckpoints.Get(key) is { Metadata.DeletionTimestamp: null } ? Priority.Low : Priority.Normal;
}
