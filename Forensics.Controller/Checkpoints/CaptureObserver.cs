using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Checkpoints.Limits;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>Gathers what a decision is made from: usually from the caches, and live where a cache's silence must be proven.</summary>
internal sealed class CaptureObserver(
    IStore<AgentJob> jobs, IStore<AgentPod> agentPods, IClusterApi api, CaptureTurns turns, CaptureMemory memory, CaptureOptions options, TimeProvider time)
{
    /// <summary>From the caches. The plan is not among them (a MiB each): it is read once and remembered.</summary>
    public async Task<Observation> ObserveAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var seen = FromCaches(checkpoint);
        if (seen.Finished)
        {
            agentPods.Trim(checkpoint.Metadata.Uid, pod => pod.WithoutWords()); // Nobody will ask for them any more.
            return seen;
        }

        memory.Met(checkpoint);
        return WithPlan(seen, memory.PlanOf(checkpoint.Metadata.Uid) ?? await ReadPlanAsync(checkpoint, cancellationToken));
    }

    /// <summary>The same from live reads.</summary>
    /// <returns>Null if the PodCheckpoint is not there any more.</returns>
    public async Task<Observation?> ObserveLiveAsync(Observation cached, CancellationToken cancellationToken)
    {
        var checkpoint = await api.GetPodCheckpointAsync(cached.Key, cancellationToken);
        if (checkpoint?.Metadata.Uid != cached.Checkpoint.Metadata.Uid) return null;

        // No memory says that there is no plan: that was read, just before the PodCheckpoint. Had there been one that is gone by now,
        // the PodCheckpoint would say how it ended, since plans go after that is written. One made since is met when its name is taken.
        var isKnownToBeMissing = cached is { Finished: false, Plan: null };
        var plan = isKnownToBeMissing ? null : await ReadPlanAsync(checkpoint, cancellationToken);
        var seen = FromCaches(checkpoint) with { IsLive = true };

        // Where there is no plan there can be no Job that a decision needs: it was never made, or goes the plan's way.
        if (plan is null) return seen;
        seen = seen with
        {
            Job = await api.GetJobAsync(CaptureIdentity.NameOf(checkpoint), cancellationToken),
            AgentPods = await api.ListAgentPodsAsync(checkpoint.Metadata.Uid, cancellationToken),
            Now = time.GetUtcNow(),
        };
        return WithPlan(seen, plan);
    }

    /// <summary>Adds the plan, and with it whether an agent may be started: a plan says on which node, and who has one stands in line.</summary>
    public Observation WithPlan(Observation seen, StoredPlan? plan) => seen with
    {
        Plan = plan,
        HasTurn = plan?.Content is { } content && seen is { Job: null, JobWasThere: false, DeletionRequested: false, Finished: false }
            && turns.Ask(seen.Checkpoint, content.Target.NodeName),
    };

    private Observation FromCaches(PodCheckpoint checkpoint) => new()
    {
        Checkpoint = checkpoint,
        Job = jobs.Get(new ResourceKey(options.WorkerNamespace, CaptureIdentity.NameOf(checkpoint))),
        AgentPods = agentPods.Indexed(checkpoint.Metadata.Uid),
        Now = time.GetUtcNow(),
    };

    private async Task<StoredPlan?> ReadPlanAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        if (await api.GetPlanAsync(CaptureIdentity.NameOf(checkpoint), cancellationToken) is not { } map) return null;
        var plan = StoredPlan.Read(map, checkpoint);
        if (!Observation.IsFinal(checkpoint)) memory.Remember(checkpoint.Metadata.Uid, plan);
        return plan;
    }
}
