using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Informers.Decoding;

/// <summary>What our slim types must say of an object that the client library has read: each field stated once more, by the
/// library's own names.</summary>
internal static class LibraryReading
{
    public static AgentJob Of(V1Job job)
    {
        var end = job.Status?.Conditions?.FirstOrDefault(c => c.Type is "Complete" or "Failed" && c.Status == "True");
        return new AgentJob
        {
            Metadata = Of(job.Metadata),
            ActiveDeadlineSeconds = job.Spec?.ActiveDeadlineSeconds,
            StartTime = job.Status?.StartTime,
            Active = job.Status?.Active ?? 0,
            Succeeded = job.Status?.Succeeded ?? 0,
            Failed = job.Status?.Failed ?? 0,
            End = end is null ? null : new AgentJobEnd(end.Type, end.Reason, end.LastTransitionTime),
        };
    }

    public static AgentPod Of(V1Pod pod)
    {
        var unscheduled = pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" });
        return new AgentPod
        {
            Metadata = Of(pod.Metadata),
            Phase = pod.Status?.Phase,
            Reason = pod.Status?.Reason,
            Message = pod.Status?.Message,
            Unscheduled = unscheduled is null ? null : new AgentTrouble(unscheduled.Reason, unscheduled.Message),
            Container = pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == AgentContract.ContainerName) is { } agent ? Of(agent) : null,
        };
    }

    private static AgentContainer Of(V1ContainerStatus status) => new()
    {
        Image = status.Image,
        Waiting = status.State?.Waiting is { } waiting ? new AgentTrouble(waiting.Reason, waiting.Message) : null,
        Running = status.State?.Running is not null,
        Terminated = status.State?.Terminated is { } ended ? new AgentEnd(ended.ExitCode, ended.Reason, ended.Message) : null,
    };

    private static AgentMeta Of(V1ObjectMeta meta)
    {
        var uid = CaptureIdentity.UidOf(meta);
        return new AgentMeta
        {
            Namespace = meta.NamespaceProperty ?? "",
            Name = meta.Name ?? "",
            Uid = meta.Uid ?? "",
            ResourceVersion = meta.ResourceVersion ?? "",
            CreationTimestamp = meta.CreationTimestamp,
            DeletionTimestamp = meta.DeletionTimestamp,
            CheckpointUid = uid,
            Checkpoint = CaptureIdentity.KeyOf(meta),
            Node = meta.Annotations is { } annotations && annotations.TryGetValue(Labels.NodeName, out var node) ? node : null,
            PlanUid = uid is null
                ? null
                : meta.OwnerReferences?.FirstOrDefault(owner => owner.Kind == "ConfigMap" && owner.Name == CaptureIdentity.NameOf(uid))?.Uid,
        };
    }
}
