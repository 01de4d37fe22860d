using Forensics.Api;
using Forensics.Controller.Informers;
using k8s.Models;

namespace Forensics.Tests.Fakes;

/// <summary>What others do to an <see cref="InMemoryCluster"/>: the Job controller, the kubelet and people.</summary>
internal static class ClusterLife
{
    /// <summary>The Job controller makes the Job's pod, and says so by an event.</summary>
    public static V1Pod MakeAgentPod(this InMemoryCluster cluster, V1Job job)
    {
        var uid = Guid.NewGuid().ToString();
        var pod = new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = $"{job.Metadata.Name}-{uid[..5]}",
                NamespaceProperty = job.Metadata.NamespaceProperty,
                Uid = uid,
                ResourceVersion = cluster.NextVersion(),
                CreationTimestamp = cluster.Time.GetUtcNow().UtcDateTime,
                Labels = job.Spec.Template.Metadata.Labels,
                Annotations = job.Spec.Template.Metadata.Annotations,
                OwnerReferences = [new V1OwnerReference { ApiVersion = "batch/v1", Kind = "Job", Name = job.Metadata.Name, Uid = job.Metadata.Uid }],
            },
            Spec = new V1PodSpec { Containers = job.Spec.Template.Spec.Containers },
            Status = new V1PodStatus { Phase = "Pending" },
        };
        cluster.AgentPods.Add(pod);
        cluster.AddEvent("Job", job.Metadata.Name, "SuccessfulCreate", $"Created pod: {pod.Metadata.Name}");
        return pod;
    }

    public static void AddEvent(this InMemoryCluster cluster, string kind, string name, string reason, string message) => cluster.Events.Add(new Corev1Event
    {
        Metadata = new V1ObjectMeta { Name = $"{name}.{Guid.NewGuid()}", NamespaceProperty = cluster.WorkerNamespace },
        InvolvedObject = new V1ObjectReference { Kind = kind, Name = name },
        Reason = reason,
        Message = message,
        LastTimestamp = cluster.Time.GetUtcNow().UtcDateTime,
    });

    /// <summary>The kubelet says how the agent's container does.</summary>
    public static void Report(this InMemoryCluster cluster, V1Pod pod, V1ContainerState state)
    {
        pod.Metadata.ResourceVersion = cluster.NextVersion();
        pod.Status = new V1PodStatus
        {
            Phase = state switch
            {
                { Terminated: { } end } => end.ExitCode == 0 ? "Succeeded" : "Failed",
                { Running: not null } => "Running",
                _ => "Pending",
            },
            ContainerStatuses = [new V1ContainerStatus { Name = AgentContract.ContainerName, Image = "forensics-agent:1", State = state }],
        };
    }

    /// <summary>The Job controller counts the Job as Complete or Failed.</summary>
    public static void End(this InMemoryCluster cluster, V1Job job, string how, string? reason = null)
    {
        job.Metadata.ResourceVersion = cluster.NextVersion();
        job.Status = new V1JobStatus
        {
            StartTime = job.Metadata.CreationTimestamp,
            Succeeded = how == "Complete" ? 1 : null,
            Failed = how == "Failed" ? 1 : null,
            Conditions =
            [
                new V1JobCondition { Type = how, Status = "True", Reason = reason, LastTransitionTime = cluster.Time.GetUtcNow().UtcDateTime },
            ],
        };
    }

    public static PodCheckpoint Apply(this InMemoryCluster cluster, PodCheckpoint checkpoint)
    {
        var key = new ResourceKey(checkpoint.Metadata.Namespace, checkpoint.Metadata.Name);
        var stored = cluster.Checkpoints.GetValueOrDefault(key);
        var generation = stored is null || stored.Spec == checkpoint.Spec ? checkpoint.Metadata.Generation : stored.Metadata.Generation + 1;
        var applied = checkpoint with { Metadata = checkpoint.Metadata with { ResourceVersion = cluster.NextVersion(), Generation = generation } };
        return cluster.Checkpoints[key] = applied;
    }
}
