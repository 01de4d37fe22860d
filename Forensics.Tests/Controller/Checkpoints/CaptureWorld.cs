using Forensics.Api;
using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Limits;
using Forensics.Controller.Informers;
using Forensics.Controller.Reconciling;
using Forensics.Tests.Fakes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>A controller's captures over a cluster in memory. The target of <see cref="Given"/> runs there, the deployment is
/// applied, and nobody has asked for anything yet.</summary>
internal sealed class CaptureWorld
{
    public static readonly ResourceKey Key = new("cases", "case-42");

    private readonly EndedCaptures _ended = new();
    private readonly ControllerOptions _options;
    private Captures _captures;

    public CaptureWorld(ControllerOptions? options = null)
    {
        _options = options ?? new ControllerOptions();
        Clock.SetUtcNow(Given.Start);
        Cluster = new InMemoryCluster(Clock, _options.Capture.WorkerNamespace) { Template = Given.Template() };
        Cluster.Targets[new ResourceKey("shop", "bad-pod")] = Given.Target();
        Cluster.Nodes["node-1"] = Given.Node();
        CachedCheckpoints = new(() => Cluster.Checkpoints.Values, CaptureIdentity.KeyOf, _ => null, EndedCheckpoint.PartOf);
        CachedJobs = new(() => Cluster.Jobs.Values, KeyOf, job => CaptureIdentity.UidOf(job.Metadata), ResourceTypes.Jobs.Of);
        CachedAgentPods = new(() => Cluster.AgentPods, KeyOf, pod => CaptureIdentity.UidOf(pod.Metadata), ResourceTypes.Pods.Of);
        _captures = Start();
    }

    public TestClock Clock { get; } = new();

    public InMemoryCluster Cluster { get; }

    public CachedStore<PodCheckpoint, PodCheckpoint> CachedCheckpoints { get; }

    public CachedStore<V1Job, AgentJob> CachedJobs { get; }

    public CachedStore<V1Pod, AgentPod> CachedAgentPods { get; }

    /// <summary>Keys that the captures themselves put on the queue.</summary>
    public Queue<ResourceKey> Woken { get; } = [];

    public CaptureTurns Turns => _captures.Turns;

    /// <summary>Reasons of the ends that were counted.</summary>
    public IReadOnlyList<string> Ended => _ended.Reasons;

    public PodCheckpoint Checkpoint => Cluster.Checkpoints[Key];

    public PodCheckpointStatus Status => Checkpoint.Status ?? new PodCheckpointStatus();

    /// <summary>The status but for what says that its spec was changed: once final, it never changes.</summary>
    public PodCheckpointStatus End => Status with
    {
        ObservedGeneration = null,
        SpecHash = null,
        Conditions = [.. Status.Conditions.Where(condition => condition.Type != ConditionTypes.SpecChanged)],
    };

    public V1Job Job => Cluster.Jobs.Values.Single();

    public V1Pod Agent => Cluster.AgentPods.Single();

    public string Finished => Status.Conditions.Single(c => c.Type == ConditionTypes.Finished).Reason!;

    public IEnumerable<string> EventReasons => Cluster.Events.Where(e => e.InvolvedObject.Kind == ForensicsApi.Kind).Select(e => e.Reason);

    public void Apply(PodCheckpoint? checkpoint = null) => Cluster.Apply(checkpoint ?? Given.Checkpoint());

    /// <summary>Another process takes over: it remembers nothing.</summary>
    public void Restart()
    {
        CachedAgentPods.Renew();
        _captures = Start();
    }

    public Task<Result> ReconcileAsync(ResourceKey? key = null) => _captures.Reconciler.ReconcileAsync(key ?? Key, CancellationToken.None);

    public Task SweepAsync() => _captures.Sweeper.SweepAllAsync(CancellationToken.None);

    /// <summary>Lets time pass, then reconciles.</summary>
    public Task<Result> ReconcileAfterAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return ReconcileAsync();
    }

    /// <summary>A PodCheckpoint is applied, and its Job is there; no agent yet.</summary>
    public static async Task<CaptureWorld> BegunAsync(ControllerOptions? options = null)
    {
        var world = new CaptureWorld(options);
        world.Apply();
        await world.ReconcileAsync();
        world.Cluster.Jobs.Should().HaveCount(1);
        return world;
    }

    /// <summary>The agent runs as well, and the status says so.</summary>
    public static async Task<CaptureWorld> CapturingAsync(ControllerOptions? options = null)
    {
        var world = await BegunAsync(options);
        world.Cluster.Report(world.Cluster.MakeAgentPod(world.Job), Given.Running);
        await world.ReconcileAsync();
        world.Status.Phase.Should().Be(Phase.Capturing);
        return world;
    }

    /// <summary>The agent has left this outcome, and the status is final.</summary>
    public static async Task<CaptureWorld> FinishedAsync(CaptureOutcome outcome)
    {
        var world = await CapturingAsync();
        world.Cluster.Report(world.Agent, Given.Said(outcome));
        await world.ReconcileAsync();
        world.Cluster.End(world.Job, outcome.Complete ? "Complete" : "Failed");
        return world;
    }

    private Captures Start() => Captures.Over(
        CachedCheckpoints, CachedJobs, CachedAgentPods, Cluster, Woken.Enqueue, _ended, _options, Clock, NullLoggerFactory.Instance);

    private static ResourceKey KeyOf(IKubernetesObject<V1ObjectMeta> item) => new(item.Metadata.NamespaceProperty, item.Metadata.Name);

    private sealed class EndedCaptures : ICaptureMetrics
    {
        public List<string> Reasons { get; } = [];

        public void CaptureEnded(bool complete, string reason, long bytes, TimeSpan took, DateTimeOffset at) => Reasons.Add(reason);
    }
}
