using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>One capture's objects as the cluster would show them: the same PodCheckpoint, target, node, plan, Job and agent pod
/// everywhere, so that a test states only what is peculiar to it.</summary>
internal static class Given
{
    public const string Uid = "11111111-2222-3333-4444-555555555555";
    public const string Name = "forensics-" + Uid;
    public const string PlanUid = "plan-uid";
    public const string AgentUid = "aaaaaaaa-0000-0000-0000-000000000000";
    public const string Folder = "s3://bucket/forensics/1767225600_shop_bad-pod_aaaaaaaa/";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly CaptureOptions Options = new();

    public static PodCheckpoint Checkpoint(PodCheckpointStatus? status = null) => new()
    {
        Metadata = new ResourceMeta
        {
            Namespace = "cases",
            Name = "case-42",
            Uid = Uid,
            ResourceVersion = "1",
            Generation = 1,
            CreationTimestamp = Start,
        },
        Spec = new PodCheckpointSpec { Destination = "s3://bucket", Pod = "bad-pod", Namespace = "shop" },
        Status = status,
    };

    public static V1Pod Target() => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { NamespaceProperty = "shop", Name = "bad-pod", Uid = "target-uid", ResourceVersion = "7" },
        Spec = new V1PodSpec { NodeName = "node-1", Containers = [new V1Container { Name = "app", Image = "shop:1" }] },
        Status = new V1PodStatus
        {
            Phase = "Running",
            ContainerStatuses = [new V1ContainerStatus { Name = "app", ContainerID = "docker://c0ffee", Image = "shop:1", ImageID = "sha256:1" }],
        },
    };

    public static V1Node Node(string ready = "True") => new()
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta { Name = "node-1", Uid = "node-uid" },
        Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = ready, Reason = "KubeletSays" }] },
    };

    public static IReadOnlyDictionary<string, V1PersistentVolume> NoClaims { get; } = new Dictionary<string, V1PersistentVolume>();

    public static TargetState.Ready Ready { get; } = new(new TargetPod(default, Target()), Node(), "docker", NoClaims);

    public static V1PodTemplate Template() => new()
    {
        ApiVersion = "v1",
        Kind = "PodTemplate",
        Metadata = new V1ObjectMeta { NamespaceProperty = Options.WorkerNamespace, Name = AgentContract.PodTemplateName },
        Template = new V1PodTemplateSpec
        {
            Spec = new V1PodSpec { Containers = [new V1Container { Name = AgentContract.ContainerName, Image = "forensics-agent:1" }] },
        },
    };

    public static CapturePlan Plan(PodCheckpoint? checkpoint = null) =>
        PlanFactory.Plan(checkpoint ?? Checkpoint(), Target(), Node(), "docker", NoClaims, [], Options, Start);

    public static V1Job Job(string? ended = null, string? reason = null, TimeSpan? endedAfter = null)
    {
        var job = JobFactory.Job(Template(), Plan(), PlanUid, Options);
        job.Metadata.Uid = "job-uid";
        job.Metadata.CreationTimestamp = Start.UtcDateTime;
        job.Status = new V1JobStatus { StartTime = Start.UtcDateTime, Active = ended is null ? 1 : null };
        if (ended is not null)
        {
            var time = (Start + (endedAfter ?? TimeSpan.FromMinutes(1))).UtcDateTime;
            job.Status.Conditions = [new V1JobCondition { Type = ended, Status = "True", Reason = reason, LastTransitionTime = time }];
        }

        return job;
    }

    /// <summary>The agent's pod, with its container in this state; none if null.</summary>
    public static V1Pod Agent(V1ContainerState? state = null, string uid = AgentUid) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = Options.WorkerNamespace,
            Name = $"{Name}-{uid[..5]}",
            Uid = uid,
            Labels = CaptureIdentity.LabelsFor(Uid),
            Annotations = CaptureIdentity.AnnotationsFor(Plan()),
        },
        Spec = new V1PodSpec { NodeName = "node-1", Containers = [new V1Container { Name = AgentContract.ContainerName }] },
        Status = new V1PodStatus
        {
            Phase = PhaseOf(state),
            ContainerStatuses = state is null ? null : [new V1ContainerStatus { Name = AgentContract.ContainerName, Image = "forensics-agent:1", State = state }],
        },
    };

    public static string PhaseOf(V1ContainerState? state) => state switch
    {
        { Terminated: { } end } => end.ExitCode == 0 ? "Succeeded" : "Failed",
        { Running: not null } => "Running",
        _ => "Pending",
    };

    public static V1ContainerState Running => new() { Running = new V1ContainerStateRunning() };

    public static V1ContainerState Waiting(string reason, string message = "") =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };

    public static V1ContainerState Terminated(string? message, int exitCode = 0, string reason = "Completed") =>
        new() { Terminated = new V1ContainerStateTerminated { ExitCode = exitCode, Reason = reason, Message = message } };

    public static V1ContainerState Said(CaptureOutcome outcome) =>
        Terminated(System.Text.Encoding.UTF8.GetString(outcome.ToTerminationMessage()), outcome.Complete ? 0 : 1);

    public static CaptureOutcome Success => new()
    {
        Complete = true,
        Reason = Reasons.Captured,
        Message = "All is stored.",
        ManifestSha256 = new string('a', 64),
        Bytes = 2048,
        Objects = 9,
        Containers = [new ContainerStatus { Name = "app", Runtime = "docker", Id = "c0ffee", State = CaptureState.Captured, Bytes = 2000 }],
    };

    public static CaptureOutcome Failure(string reason = Reasons.ContainerGone) => new()
    {
        Complete = false,
        Reason = reason,
        Message = "The container went away.",
        Bytes = 100,
        Objects = 2,
        ManifestSha256 = new string('b', 64),
        Containers = [new ContainerStatus { Name = "app", Runtime = "docker", Id = "c0ffee", State = CaptureState.Failed, Reason = reason }],
    };

    /// <summary>A PodCheckpoint whose plan is written; no Job yet.</summary>
    public static Observation Planned(PodCheckpointStatus? status = null) => new()
    {
        Checkpoint = Checkpoint(status),
        Plan = new StoredPlan(PlanUid, Plan()),
        HasTurn = true,
        Now = Start,
    };

    /// <summary>The Job is there too, and these agent pods.</summary>
    public static Observation Begun(V1Job job, params V1Pod[] agents) => Planned() with
    {
        Job = job.Seen(),
        AgentPods = [.. agents.Select(Seen)],
    };

    /// <summary>As the controller's cache has it.</summary>
    public static AgentPod Seen(this V1Pod pod) => ResourceTypes.Pods.Of(pod);

    /// <inheritdoc cref="Seen(V1Pod)"/>
    public static AgentJob Seen(this V1Job job) => ResourceTypes.Jobs.Of(job);

    public static Observation After(this Observation seen, TimeSpan time) => seen with { Now = Start + time };

    public static Observation WithStatus(this Observation seen, PodCheckpointStatus status) =>
        seen with { Checkpoint = seen.Checkpoint with { Status = status } };

    public static V1Pod Deleted(this V1Pod pod, TimeSpan after)
    {
        pod.Metadata.DeletionTimestamp = (Start + after).UtcDateTime;
        return pod;
    }
}
