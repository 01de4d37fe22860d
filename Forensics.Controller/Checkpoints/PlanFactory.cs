using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints.Metadata;
using Forensics.Controller.Checkpoints.Nodes;
using Forensics.Controller.Checkpoints.Volumes;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Makes the plan and the ConfigMap that holds it. Pure: the same input makes the same plan.</summary>
internal static class PlanFactory
{
    // For a static pod the API server's UID is that of its mirror; the runtime only ever heard of the manifest's hash.
    private const string ConfigHash = "kubernetes.io/config.hash";
    private const string ConfigMirror = "kubernetes.io/config.mirror";

    // The agent must be gone before the Job's deadline, which would delete the pod with its termination message.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromMinutes(1);

    /// <param name="claimed">Of the volumes that the PodCheckpoint asks for: what their claims are bound to.</param>
    /// <param name="now">Cut to seconds: it names the evidence folder.</param>
    public static CapturePlan Plan(
        PodCheckpoint checkpoint,
        V1Pod pod,
        V1Node? node,
        string runtime,
        IReadOnlyDictionary<string, V1PersistentVolume> claimed,
        IReadOnlyList<string> metadataCuts,
        CaptureOptions options,
        DateTimeOffset now)
    {
        if (!Destination.TryParse(checkpoint.Spec.Destination, checkpoint.Spec.Subpath, out var destination, out var error))
            throw new ArgumentException(error, nameof(checkpoint)); // SpecCheck comes first.
        var export = ExportSpec.Read(checkpoint.Spec.Export, out error) ?? throw new ArgumentException(error, nameof(checkpoint));

        var deadline = DeadlineOf(checkpoint.Spec, options);
        var layout = NodeLayouts.For(runtime, node, RuntimeUidOf(pod), options.NodePaths);
        var volumes = PodVolumes.Of(pod, layout, checkpoint.Spec.Volumes ?? [], claimed);
        return new CapturePlan
        {
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            ControllerVersion = BuildInfo.Version,
            PodCheckpoint = new PodCheckpointReference
            {
                Namespace = checkpoint.Metadata.Namespace,
                Name = checkpoint.Metadata.Name,
                Uid = checkpoint.Metadata.Uid,
                CreatedAt = checkpoint.Metadata.CreationTimestamp,
            },
            SpecHash = SpecHash.Of(checkpoint.Spec),
            Destination = destination!.ToString(),
            Target = new CaptureTarget
            {
                Namespace = pod.Metadata.NamespaceProperty,
                Pod = pod.Metadata.Name,
                Uid = pod.Metadata.Uid,
                RuntimeUid = RuntimeUidOf(pod),
                NodeName = pod.Spec.NodeName,
                Runtime = runtime,
            },
            Node = layout with { Directories = [.. layout.Directories, .. PodVolumes.MountsFor(volumes, layout)] },
            Containers = PodContainers.Of(pod),
            Export = export,
            MaxBytesPerSecond = (long)options.MaxBandwidth << 20,
            DeadlineSeconds = (long)deadline.TotalSeconds,
            AgentDeadlineSeconds = (int)AgentTime(deadline, options).TotalSeconds,
            Volumes = volumes,
            MetadataCuts = metadataCuts,
        };
    }

    public static V1ConfigMap ConfigMap(CapturePlan plan, PodMetadata metadata, CaptureOptions options) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta
        {
            Name = CaptureIdentity.NameOf(plan.PodCheckpoint.Uid),
            NamespaceProperty = options.WorkerNamespace,
            Labels = CaptureIdentity.LabelsFor(plan.PodCheckpoint.Uid),
            Annotations = CaptureIdentity.AnnotationsFor(plan),
        },
        Immutable = true,
        Data = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [AgentContract.PlanFile] = JsonSerializer.Serialize(plan, ApiJson.Readable.CapturePlan),
            [AgentContract.PodYamlFile] = metadata.PodYaml,
            [AgentContract.DescribeFile] = metadata.Describe,
        },
    };

    public static string RuntimeUidOf(V1Pod pod) =>
        pod.Metadata.Annotations is { } annotations && annotations.ContainsKey(ConfigMirror)
        && annotations.TryGetValue(ConfigHash, out var hash) && hash.Length > 0
            ? hash
            : pod.Metadata.Uid;

    // A PodCheckpoint may ask for less than the installation allows, never for more.
    private static TimeSpan DeadlineOf(PodCheckpointSpec spec, CaptureOptions options) =>
        spec.ActiveDeadlineSeconds is { } seconds && seconds < options.CaptureDeadline.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.CaptureDeadline;

    // What is left when the agent took as long to start as it may, but half of a deadline that is too short for that.
    private static TimeSpan AgentTime(TimeSpan deadline, CaptureOptions options)
    {
        var (left, half) = (deadline - options.AgentStartTimeout - ClosingTime, deadline / 2);
        return left > half ? left : half;
    }
}
