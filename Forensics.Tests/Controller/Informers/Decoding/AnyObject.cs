using CsCheck;
using Forensics.Api;
using k8s.Models;

namespace Forensics.Tests.Controller.Informers.Decoding;

/// <summary>Random objects as an API server may have them: any field may be missing, any list empty, any text odd.</summary>
internal static class AnyObject
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("", "a", "True", "False", "agent", "\"quoted\\\"", "two\nlines", "<b>&", "ümlaut \u20ac \ud83d\ude00", "\u0000\u001b[2J"),
        Gen.String[Gen.Char['a', 'z'], 0, 40],
        Gen.String[Gen.Char['a', 'z'], 500, 600]);

    private static readonly Gen<DateTime?> Time =
        Gen.Int[0, int.MaxValue].Select(seconds => DateTime.UnixEpoch.AddSeconds(seconds)).Nullable();

    private static readonly Gen<string> Uid = Gen.OneOf("uid-1", "uid-2");

    private static readonly Gen<Dictionary<string, string>?> AnyLabels = Gen.Select(
        Maybe(Gen.OneOf("kube-forensics", "somebody")), Maybe(Uid), Gen.Bool,
        (manager, uid, more) => Dictionary((Labels.ManagedBy, manager), (Labels.PodCheckpointUid, uid), ("more", more ? "x" : null)));

    private static readonly Gen<Dictionary<string, string>?> Annotations = Gen.Select(
        Maybe(Text), Maybe(Text), Maybe(Text), Maybe(Text),
        (ns, name, node, more) => Dictionary((Labels.PodCheckpointNamespace, ns), (Labels.PodCheckpointName, name), (Labels.NodeName, node), ("more", more)));

    private static readonly Gen<V1OwnerReference> Owner = Gen.Select(
        Gen.OneOf("ConfigMap", "Job"), Gen.OneOf("forensics-uid-1", "forensics-uid-2", "other"), Text,
        (kind, name, uid) => new V1OwnerReference { ApiVersion = "v1", Kind = kind, Name = name, Uid = uid });

    private static readonly Gen<V1ObjectMeta> Meta = Gen.Select(
        Gen.Select(Text, Text, Text, Text), Gen.Select(Time, Time), AnyLabels, Annotations, Maybe(Owner.List[0, 3]),
        (texts, times, labels, annotations, owners) => new V1ObjectMeta
        {
            NamespaceProperty = texts.Item1,
            Name = texts.Item2,
            Uid = texts.Item3,
            ResourceVersion = texts.Item4,
            CreationTimestamp = times.Item1,
            DeletionTimestamp = times.Item2,
            Labels = labels,
            Annotations = annotations,
            OwnerReferences = owners,
            Generation = 7,
            Finalizers = ["x/y"],
        });

    private static readonly Gen<int?> Count = Gen.Int.Nullable();

    private static readonly Gen<V1JobCondition> JobCondition = Gen.Select(
        Gen.OneOf("Complete", "Failed", "Suspended"), Gen.OneOf("True", "False", "Unknown"), Maybe(Text), Time,
        (type, status, reason, time) => new V1JobCondition { Type = type, Status = status, Reason = reason, Message = reason, LastTransitionTime = time });

    private static readonly Gen<V1JobStatus> JobStatus = Gen.Select(
        Time, Count, Count, Count, Maybe(JobCondition.List[0, 3]),
        (start, active, succeeded, failed, conditions) => new V1JobStatus
        {
            StartTime = start,
            Active = active,
            Succeeded = succeeded,
            Failed = failed,
            Conditions = conditions,
        });

    public static readonly Gen<V1Job> Job = Gen.Select(
        Meta, Gen.Long.Nullable(), Maybe(JobStatus),
        (meta, deadline, status) => new V1Job
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = meta,
            Spec = new V1JobSpec { ActiveDeadlineSeconds = deadline, BackoffLimit = 0, Template = new V1PodTemplateSpec { Metadata = meta } },
            Status = status,
        });

    private static readonly Gen<V1ContainerState> State = Gen.Select(
        Maybe(Gen.Select(Maybe(Text), Maybe(Text), (reason, message) => new V1ContainerStateWaiting { Reason = reason, Message = message })),
        Maybe(Time.Select(time => new V1ContainerStateRunning { StartedAt = time })),
        Maybe(Gen.Select(Gen.Int, Maybe(Text), Maybe(Text), (code, reason, message) =>
            new V1ContainerStateTerminated { ExitCode = code, Reason = reason, Message = message, ContainerID = "docker://x" })),
        (waiting, running, ended) => new V1ContainerState { Waiting = waiting, Running = running, Terminated = ended });

    private static readonly Gen<V1ContainerStatus> ContainerStatus = Gen.Select(
        Gen.OneOf(AgentContract.ContainerName, "sidecar"), Text, Maybe(State), Maybe(State),
        (name, image, state, last) => new V1ContainerStatus { Name = name, Image = image, ImageID = image, State = state, LastState = last });

    private static readonly Gen<V1PodCondition> PodCondition = Gen.Select(
        Gen.OneOf("PodScheduled", "Ready"), Gen.OneOf("True", "False"), Maybe(Text), Maybe(Text),
        (type, status, reason, message) => new V1PodCondition { Type = type, Status = status, Reason = reason, Message = message });

    private static readonly Gen<V1PodStatus> PodStatus = Gen.Select(
        Gen.Select(Maybe(Text), Maybe(Text), Maybe(Text)), Maybe(PodCondition.List[0, 3]), Maybe(ContainerStatus.List[0, 3]),
        (texts, conditions, statuses) => new V1PodStatus
        {
            Phase = texts.Item1,
            Reason = texts.Item2,
            Message = texts.Item3,
            Conditions = conditions,
            ContainerStatuses = statuses,
            InitContainerStatuses = statuses,
        });

    public static readonly Gen<V1Pod> Pod = Gen.Select(Meta, Maybe(PodStatus), (meta, status) => new V1Pod
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = meta,
        Spec = new V1PodSpec { NodeName = "node-1", Containers = [new V1Container { Name = AgentContract.ContainerName, Image = "agent:1" }] },
        Status = status,
    });

    private static Gen<T?> Maybe<T>(Gen<T> some)
        where T : class => some.Null(0.25);

    private static Dictionary<string, string>? Dictionary(params (string Key, string? Value)[] entries)
    {
        var there = entries.Where(e => e.Value is not null).ToDictionary(e => e.Key, e => e.Value!, StringComparer.Ordinal);
        return there.Count == 0 ? null : there;
    }
}
