using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Checkpoints.Limits;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>Puts together what captures are made by.</summary>
internal sealed record Captures(PodCheckpointReconciler Reconciler, Sweeper Sweeper, CaptureTurns Turns)
{
    public static Captures Over(
        Caches caches, IClusterApi api, Action<ResourceKey> enqueue, ICaptureMetrics metrics, ControllerOptions options, TimeProvider time, ILoggerFactory loggers) =>
        Over(caches.PodCheckpoints, caches.Jobs, caches.AgentPods, api, enqueue, metrics, options, time, loggers);

    public static Captures Over(
        IStore<PodCheckpoint> checkpoints,
        IStore<AgentJob> jobs,
        IStore<AgentPod> agentPods,
        IClusterApi api,
        Action<ResourceKey> enqueue,
        ICaptureMetrics metrics,
        ControllerOptions options,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var capture = options.Capture;
        var memory = new CaptureMemory(time);
        var turns = new CaptureTurns(checkpoints, jobs, agentPods, capture, enqueue);
        var sweeper = new Sweeper(checkpoints, jobs, api, memory, options.WatchNamespaces, loggers.CreateLogger<Sweeper>());
        var reconciler = new PodCheckpointReconciler(
            checkpoints,
            new CaptureObserver(jobs, agentPods, api, turns, memory, capture, time),
            new TargetObserver(api, capture),
            new CapturePlanner(api, capture),
            new AgentStarter(api, capture),
            sweeper,
            turns,
            new EventRecorder(api, time, loggers.CreateLogger<EventRecorder>()),
            memory,
            api,
            metrics,
            capture,
            loggers.CreateLogger<PodCheckpointReconciler>());
        return new Captures(reconciler, sweeper, turns);
    }
}
