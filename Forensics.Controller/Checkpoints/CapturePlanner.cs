using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Checkpoints.Metadata;
using Forensics.Controller.Checkpoints.Nodes;
using Forensics.Controller.Checkpoints.Volumes;
using Forensics.Controller.Informers;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>What became of planning.</summary>
internal abstract record Planning
{
    private Planning()
    {
    }

    /// <summary>The plan is written, by this very call.</summary>
    public sealed record Planned(StoredPlan Plan) : Planning;

    /// <summary>Somebody wrote a ConfigMap of this name in between: look again.</summary>
    public sealed record NameTaken : Planning;

    public sealed record NotYet(Trouble Trouble) : Planning;

    public sealed record Never(Trouble Trouble) : Planning;
}

/// <summary>Resolves the target, once, and writes the plan. Nothing but reads happens before the plan is there.</summary>
internal sealed class CapturePlanner(IClusterApi api, CaptureOptions options)
{
    public async Task<Planning> PlanAsync(Observation seen, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(SpecCheck.TargetNamespace(seen.Checkpoint), seen.Checkpoint.Spec.Pod);
        if (await api.GetTargetPodAsync(key, cancellationToken) is not { } target)
            return new Planning.Never(TargetCheck.NotFound(key.Name, key.Namespace));

        switch (TargetCheck.OfPod(target.Pod, options))
        {
            case TargetState.Never never: return new Planning.Never(never.Trouble);
            case TargetState.NotYet notYet: return new Planning.NotYet(notYet.Trouble);
            case TargetState.Ready ready when TargetCheck.OfExport(ready.Runtime, seen.Checkpoint.Spec.Export) is { } trouble: return new Planning.Never(trouble);
            case TargetState.Ready ready: return await PlanAsync(seen, target, ready.Runtime, cancellationToken);
            default: throw new InvalidOperationException("A target is ready, not yet, or never.");
        }
    }

    private async Task<Planning> PlanAsync(Observation seen, TargetPod target, string runtime, CancellationToken cancellationToken)
    {
        var node = await api.GetNodeAsync(target.Pod.Spec.NodeName, cancellationToken);
        if (TargetCheck.OfNode(target.Pod.Spec.NodeName, node) is { } trouble) return new Planning.NotYet(trouble);

        var asked = seen.Checkpoint.Spec.Volumes ?? [];
        var claimed = await ClaimedAsync(target.Pod, asked, cancellationToken);
        var podsFolder = NodeLayouts.PodsFolder(runtime, node, options.NodePaths);
        if (VolumeRequest.TroubleWith(target.Pod, asked, claimed, podsFolder) is { } refused) return new Planning.Never(refused);

        var metadata = PodMetadata.Of(target, node, await EventsOfAsync(target.Pod, cancellationToken));
        var plan = PlanFactory.Plan(seen.Checkpoint, target.Pod, node, runtime, claimed, metadata.Cuts, options, seen.Now);
        return await api.CreatePlanAsync(PlanFactory.ConfigMap(plan, metadata, options), cancellationToken) switch
        {
            Creation<V1ConfigMap>.Created created => new Planning.Planned(StoredPlan.Read(created.Value, seen.Checkpoint)),
            Creation<V1ConfigMap>.Exists => new Planning.NameTaken(),
            Creation<V1ConfigMap>.Refused denied => new Planning.NotYet(new Trouble(Reasons.AgentRejected, PlainText.Of(
                $"The cluster refuses the capture's plan: {denied.Message}. Allow ConfigMaps in '{options.WorkerNamespace}' (quota, webhooks, RBAC).", 1000))),
            var unknown => throw new InvalidOperationException($"Nothing is known of {unknown}."),
        };
    }

    private async Task<Dictionary<string, V1PersistentVolume>> ClaimedAsync(V1Pod pod, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        var claimed = new Dictionary<string, V1PersistentVolume>(StringComparer.Ordinal);
        foreach (var (volume, claim) in VolumeRequest.ClaimsOf(pod, asked))
        {
            if (await api.GetClaimedVolumeAsync(new ResourceKey(pod.Metadata.NamespaceProperty, claim), cancellationToken) is { } bound) claimed[volume] = bound;
        }

        return claimed;
    }

    // By name, since the kubelet's events for a static pod bear another UID; a namesake's events are not evidence of this pod.
    private async Task<IReadOnlyList<Corev1Event>?> EventsOfAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var events = await api.ListEventsAsync(pod.Metadata.NamespaceProperty, "Pod", pod.Metadata.Name, cancellationToken);
        string[] uids = [pod.Metadata.Uid, PlanFactory.RuntimeUidOf(pod)];
        return events is null ? null : [.. events.Where(e => uids.Contains(e.InvolvedObject?.Uid))];
    }
}
