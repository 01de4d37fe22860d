using System.Runtime.ExceptionServices;
using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Informers;
using k8s.Autorest;

namespace Forensics.Controller.Checkpoints;

/// <summary>Removes plans and Jobs that nobody asks for any more. There are no finalizers, which would hang a namespace for ever
/// once the controller is gone; so what a PodCheckpoint leaves behind is found by its labels. That a PodCheckpoint is gone is
/// never taken from a cache, and never asked in namespaces that this controller does not watch.</summary>
internal sealed class Sweeper(
    IStore<PodCheckpoint> checkpoints, IStore<AgentJob> jobs, IClusterApi api, CaptureMemory memory,
    IReadOnlyList<string> watchNamespaces, ILogger<Sweeper> log)
{
    /// <summary>What a PodCheckpoint has made, found without it.</summary>
    private sealed record Remains(string Uid, ResourceKey Key)
    {
        public string? PlanUid { get; init; }
        public AgentJob? Job { get; init; }
    }

    /// <summary>For a key that is not in the cache (any more). Knows of its Jobs, and of what this process was at; plans that another
    /// one has left without a Job are for <see cref="SweepAllAsync"/>. To list all plans for every event of what is gone would be dear.</summary>
    public async Task SweepAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        if (!Watches(key.Namespace)) return;
        foreach (var one in await RemainsOfAsync(key, cancellationToken)) await RemoveIfGoneAsync(one, cancellationToken);
    }

    /// <summary>Cancels captures of the name's earlier bearers: one that is deleted and made again at once is never missing from
    /// the cache.</summary>
    public async Task SweepPredecessorsAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        foreach (var one in JobsOf(CaptureIdentity.KeyOf(checkpoint)).Where(r => r.Uid != checkpoint.Metadata.Uid))
            await RemoveIfGoneAsync(one, cancellationToken);
    }

    /// <summary>For all that is there, whoever made it. What is refused for one is thrown when all the others are done.</summary>
    public async Task SweepAllAsync(CancellationToken cancellationToken)
    {
        var withJob = JobsOf(null);
        var plansAlone = (await PlansAsync(cancellationToken)).ExceptBy(withJob.Select(job => job.Uid), plan => plan.Uid);
        HttpOperationException? refusal = null;
        foreach (var one in withJob.Concat(plansAlone).Where(r => Watches(r.Key.Namespace)))
        {
            try
            {
                await SweepOneAsync(one, cancellationToken);
            }
            catch (HttpOperationException e)
            {
                refusal ??= e;
            }
        }

        if (refusal is not null) ExceptionDispatchInfo.Throw(refusal);
    }

    private async Task SweepOneAsync(Remains one, CancellationToken cancellationToken)
    {
        var checkpoint = checkpoints.Get(one.Key);
        if (checkpoint?.Metadata.Uid != one.Uid) await RemoveIfGoneAsync(one, cancellationToken);

        // That no Job was seen is some time ago: it may have been made, and have ended, since. Then its plan is kept as long as itself.
        else if (one.Job is null && Observation.IsFinal(checkpoint) && jobs.Indexed(one.Uid).Count == 0)
            await RemoveAsync(one, "the capture has ended", cancellationToken);
    }

    /// <summary>Removes what is left of a capture that has ended or is cancelled. The plan first: without it no agent can start.</summary>
    public Task RemoveAsync(Observation seen, string why, CancellationToken cancellationToken) => RemoveAsync(
        new Remains(seen.Checkpoint.Metadata.Uid, CaptureIdentity.KeyOf(seen.Checkpoint))
        {
            PlanUid = seen.Plan is { Content: not null } plan ? plan.Uid : seen.JobIsOurs ? seen.Job?.Metadata.PlanUid : null,
            Job = seen.JobIsOurs ? seen.Job : null,
        },
        why,
        cancellationToken);

    private async Task RemoveIfGoneAsync(Remains one, CancellationToken cancellationToken)
    {
        var live = await api.GetPodCheckpointAsync(one.Key, cancellationToken);
        if (live?.Metadata.Uid != one.Uid) await RemoveAsync(one, $"PodCheckpoint {one.Key} is gone", cancellationToken);
    }

    private async Task RemoveAsync(Remains one, string why, CancellationToken cancellationToken)
    {
        var name = CaptureIdentity.NameOf(one.Uid);
        if (one.PlanUid is { } planUid) await api.DeletePlanAsync(name, planUid, cancellationToken);

        // The garbage collector would follow; asking by ourselves gives the agent its SIGTERM at once.
        if (one.Job is { } job) await api.DeleteJobAsync(name, job.Metadata.Uid, cancellationToken);
        memory.Forget(one.Key, one.Uid);
        if (one.PlanUid is not null || one.Job is not null) log.Removed(name, why);
    }

    private async Task<List<Remains>> RemainsOfAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        var remains = JobsOf(key);
        if (memory.UidOf(key) is not { } uid || remains.Exists(one => one.Uid == uid)) return remains;

        // Its plan may have been made though no answer said so.
        var planUid = memory.PlanOf(uid)?.Uid;
        if (planUid is null && await api.GetPlanAsync(CaptureIdentity.NameOf(uid), cancellationToken) is { } map && CaptureIdentity.UidOf(map.Metadata) == uid)
            planUid = map.Metadata.Uid;
        remains.Add(new Remains(uid, key) { PlanUid = planUid });
        return remains;
    }

    private List<Remains> JobsOf(ResourceKey? key) =>
    [
        .. from job in jobs.Where(job => job.Metadata.Checkpoint is { } one && (key is null || one == key))
           let uid = job.Metadata.CheckpointUid
           let owner = job.Metadata.Checkpoint
           where uid is not null
           let planUid = job.Metadata.PlanUid
           where planUid is not null && job.Metadata.Name == CaptureIdentity.NameOf(uid)
           select new Remains(uid, owner.Value) { PlanUid = planUid, Job = job },
    ];

    private async Task<List<Remains>> PlansAsync(CancellationToken cancellationToken)
    {
        var plans = new List<Remains>();
        await foreach (var plan in api.ListPlansAsync(cancellationToken))
        {
            if (CaptureIdentity.UidOf(plan) is { } uid && CaptureIdentity.KeyOf(plan) is { } owner && plan.Name == CaptureIdentity.NameOf(uid))
                plans.Add(new Remains(uid, owner) { PlanUid = plan.Uid });
        }

        return plans;
    }

    private bool Watches(string ns) => watchNamespaces.Count == 0 || watchNamespaces.Contains(ns, StringComparer.Ordinal);
}
