using Forensics.Api;
using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Tests.Fakes;
using k8s.Autorest;

namespace Forensics.Tests.Controller.Checkpoints.Limits;

/// <summary>Many PodCheckpoints on a few nodes, and a queue that brings a key only for a reason: an event, a wish for another look,
/// an error, or a turn that came.</summary>
internal sealed class CrowdedCluster
{
    private readonly List<ResourceKey> _queue = [];
    private readonly HashSet<ResourceKey> _woken = [];

    public CrowdedCluster(int perNode = 1, int inAll = 10, int nodes = 3)
    {
        Limits = (perNode, inAll);
        World = new CaptureWorld(new ControllerOptions { Capture = new CaptureOptions { MaxCapturesPerNode = perNode, MaxCaptures = inAll } });
        for (var i = 0; i < nodes; i++)
        {
            var (node, target) = (Given.Node(), Given.Target());
            node.Metadata.Name = target.Spec.NodeName = $"node-{i}";
            target.Metadata.Name = $"pod-{i}";
            World.Cluster.Nodes[$"node-{i}"] = node;
            World.Cluster.Targets[new ResourceKey("shop", $"pod-{i}")] = target;
        }
    }

    public CaptureWorld World { get; }

    public (int PerNode, int InAll) Limits { get; }

    /// <summary>Every PodCheckpoint that was ever applied, in its order.</summary>
    public List<ResourceKey> Applied { get; } = [];

    /// <summary>Every PodCheckpoint in the order in which their Jobs were made.</summary>
    public List<ResourceKey> Started { get; } = [];

    /// <summary>Those whose turn came when the last key was worked on.</summary>
    public List<ResourceKey> TurnsGiven { get; } = [];

    /// <summary>Those that a process which took over found asked for and not taken up, as far as it has not looked at them since.</summary>
    public HashSet<ResourceKey> CameMeanwhile { get; } = [];

    public IReadOnlyList<ResourceKey> Queue => _queue;

    /// <summary>Its turn has come, and no worker has taken its key since: its status still says that it waits.</summary>
    public bool HasTurn(ResourceKey key) => _woken.Contains(key);

    private InMemoryCluster Cluster => World.Cluster;

    /// <summary>Somebody asks for a capture on a node; no two in the same second.</summary>
    public ResourceKey Apply(int node)
    {
        World.Clock.Advance(TimeSpan.FromSeconds(1));
        var n = Applied.Count;
        var basis = Given.Checkpoint();
        Cluster.Apply(basis with
        {
            // The UIDs are no help in telling who came first.
            Metadata = basis.Metadata with { Name = $"case-{n}", Uid = $"{(n * 7919) % 1000:d3}", CreationTimestamp = World.Clock.GetUtcNow() },
            Spec = basis.Spec with { Pod = $"pod-{node}" },
        });
        var key = new ResourceKey("cases", $"case-{n}");
        Applied.Add(key);
        Enqueue(key);
        return key;
    }

    /// <summary>A worker takes a key off the queue.</summary>
    public async Task WorkAsync(int index)
    {
        var key = _queue[index % _queue.Count];
        _queue.Remove(key);
        CameMeanwhile.Remove(key);
        var (jobs, itsTurnHadCome) = (Cluster.JobsEver.Count, HasTurn(key)); // A process that dies forgets it.
        try
        {
            var result = await World.ReconcileAsync(key);
            if (result.RequeueAfter is not null) Enqueue(key);
        }
        catch (HttpOperationException)
        {
            Enqueue(key);
        }
        catch (ProcessDiedException)
        {
            Restart();
        }

        TurnsGiven.Clear();
        if (Cluster.JobsEver.Count > jobs)
        {
            Started.Add(key);
            _woken.Remove(key);
            if (!itsTurnHadCome) TurnsGiven.Add(key);
        }

        while (World.Woken.TryDequeue(out var woken))
        {
            _woken.Add(woken);
            TurnsGiven.Add(woken);
            Enqueue(woken);
        }
    }

    public async Task WorkAllAsync()
    {
        for (var i = 0; i < 100 && _queue.Count > 0; i++)
        {
            foreach (var _ in _queue.ToList()) await WorkAsync(0);
            if (_queue.TrueForAll(key => StatusOf(key)?.JobName is not null)) return; // What is left only waits for its agent.
        }
    }

    /// <summary>The agent appears, runs, has stored all, and its Job is over; one of these.</summary>
    public void LetAgentGoOn(ResourceKey key)
    {
        if (Cluster.Jobs.GetValueOrDefault(NameOf(key)) is not { } job || job.Status?.Conditions?.Count > 0) return;
        switch (Cluster.AgentPods.Find(pod => pod.Metadata.OwnerReferences[0].Uid == job.Metadata.Uid))
        {
            case null: Cluster.MakeAgentPod(job); break;
            case { Status.ContainerStatuses: null } pod: Cluster.Report(pod, Given.Running); break;
            case { Status.Phase: "Running" } pod: Cluster.Report(pod, Given.Said(Given.Success)); break;
            default: Cluster.End(job, "Complete"); break;
        }

        Enqueue(key);
    }

    /// <summary>The agent has stored all and is over, and so is its Job.</summary>
    public async Task EndAsync(ResourceKey key)
    {
        for (var i = 0; i < 4; i++)
        {
            LetAgentGoOn(key);
            await WorkAllAsync();
        }

        StatusOf(key)!.Phase.Should().Be(Phase.Complete);
    }

    public void Delete(ResourceKey key)
    {
        CameMeanwhile.Remove(key);
        if (Cluster.Checkpoints.Remove(key)) Enqueue(key);
    }

    /// <summary>Another process takes over: its caches are new, and every key is on its queue, in any order.</summary>
    public void Restart()
    {
        Thaw();
        World.Restart();
        World.Woken.Clear();
        _woken.Clear();
        _queue.Clear();
        foreach (var key in Enumerable.Reverse(Applied)) Enqueue(key);
        CameMeanwhile.Clear();
        CameMeanwhile.UnionWith(Applied.Where(IsNotTakenUp));
    }

    public void Thaw()
    {
        World.CachedJobs.Thaw();
        World.CachedAgentPods.Thaw();
        World.CachedCheckpoints.Thaw();
        foreach (var key in Applied) Enqueue(key); // Their events, late.
    }

    public PodCheckpointStatus? StatusOf(ResourceKey key) => Cluster.Checkpoints.GetValueOrDefault(key)?.Status;

    public bool IsQueued(ResourceKey key) => StatusOf(key)?.Conditions.IsTrue(ConditionTypes.Waiting, Reasons.Queued) == true;

    /// <summary>Nodes on which an agent works or may yet start, once for each.</summary>
    public IEnumerable<string> Busy => Cluster.Jobs.Values
        .Where(job => AgentWatch.MayStillRun(
            job.Seen(), [.. Cluster.AgentPods.Where(pod => pod.Metadata.OwnerReferences[0].Uid == job.Metadata.Uid).Select(pod => pod.Seen())]))
        .Select(job => job.Metadata.Annotations[Labels.NodeName]);

    public string NodeOf(ResourceKey key) => World.Cluster.Checkpoints.GetValueOrDefault(key)?.Spec.Pod ?? "";

    private bool IsNotTakenUp(ResourceKey key) =>
        Cluster.Checkpoints.GetValueOrDefault(key) is { } checkpoint && !Observation.IsFinal(checkpoint) && !IsQueued(key) && !Cluster.Jobs.ContainsKey(NameOf(key));

    private string NameOf(ResourceKey key) => Cluster.Checkpoints.GetValueOrDefault(key) is { } checkpoint ? CaptureIdentity.NameOf(checkpoint) : "";

    private void Enqueue(ResourceKey key)
    {
        if (!_queue.Contains(key)) _queue.Add(key);
    }
}
