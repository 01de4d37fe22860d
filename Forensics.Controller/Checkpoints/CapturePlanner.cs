using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Checkpoints.Metadata;
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

    public sealed record Refused(Trouble Trouble) : Planning;
}

/// <summary>Writes the plan, once: before it is there nothing is made for the capture.</summary>
internal sealed class CapturePlanner(IClusterApi api, CaptureOptions options)
{
    public async Task<Planning> PlanAsync(Observation seen, TargetState.Ready target, CancellationToken cancellationToken)
    {
        var pod = target.Found.Pod;
        var metadata = PodMetadata.Of(target.Found, target.Node, await EventsOfAsync(pod, cancellationToken));
        var plan = PlanFactory.Plan(seen.Checkpoint, pod, target.Node, target.Runtime, target.Claimed, metadata.Cuts, options, seen.Now);
        return await api.CreatePlanAsync(PlanFactory.ConfigMap(plan, metadata, options), cancellationToken) switch
        {
            Creation<V1ConfigMap>.Created created => new Planning.Planned(StoredPlan.Read(created.Value, seen.Checkpoint)),
            Creation<V1ConfigMap>.Exists => new Planning.NameTaken(),
            Creation<V1ConfigMap>.Refused denied => new Planning.Refused(new Trouble(Reasons.AgentRejected, PlainText.Of(
                $"The cluster refuses the capture's plan: {denied.Message}. Allow ConfigMaps in '{options.WorkerNamespace}' (quota, webhooks, RBAC).", 1000))),
            var unknown => throw new InvalidOperationException($"Nothing is known of {unknown}."),
        };
    }

    // By name, since the kubelet's events for a static pod bear another UID; a namesake's events are not evidence of this pod.
    private async Task<IReadOnlyList<Corev1Event>?> EventsOfAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var events = await api.ListEventsAsync(pod.Metadata.NamespaceProperty, "Pod", pod.Metadata.Name, cancellationToken);
        string[] uids = [pod.Metadata.Uid, PlanFactory.RuntimeUidOf(pod)];
        return events is null ? null : [.. events.Where(e => uids.Contains(e.InvolvedObject?.Uid))];
    }
}
