namespace Forensics.Api;

/// <summary>What is to be captured, decided once by the controller and never changed: plan.json in an immutable ConfigMap.
/// It is all that the agent knows of the cluster.</summary>
public sealed record CapturePlan
{
    public int Version { get; init; } = 1;

    /// <summary>When the plan was made; its Unix seconds name the evidence folder.</summary>
    public DateTimeOffset CreatedAt { get; init; }
    public string ControllerVersion { get; init; } = "";
    public PodCheckpointReference PodCheckpoint { get; init; } = new();

    /// <summary><see cref="Api.SpecHash"/> of the spec that this plan answers.</summary>
    public string SpecHash { get; init; } = "";

    /// <summary>Destination and subpath joined: <c>s3://bucket/prefix/forensics</c>, with no slash at its end.</summary>
    public string Destination { get; init; } = "";
    public CaptureTarget Target { get; init; } = new();

    /// <summary>What the agent is given of the target's node; null if a person asked by hand, on the node itself.</summary>
    public NodeLayout? Node { get; init; }
    public IReadOnlyList<PlannedContainer> Containers { get; init; } = [];

    public ExportOptions Export { get; init; } = new();

    /// <summary>Bytes that the agent may store in a second; 0 sets no cap.</summary>
    public long MaxBytesPerSecond { get; init; }

    /// <summary>The Job's active deadline in seconds. Like the agent's it counts from the start, so that a plan may wait.</summary>
    public long DeadlineSeconds { get; init; }

    /// <summary>All that the pod's spec has, in its order.</summary>
    public IReadOnlyList<PlannedVolume> Volumes { get; init; } = [];

    /// <summary>Seconds that the agent gives itself, counted from its own start (clocks of nodes differ).</summary>
    public int AgentDeadlineSeconds { get; init; }

    /// <summary>What had to be cut from the pod's metadata to fit a ConfigMap, a line each; empty if nothing.</summary>
    public IReadOnlyList<string> MetadataCuts { get; init; } = [];
}

public sealed record PodCheckpointReference
{
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string Uid { get; init; } = "";
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>The pod, resolved once.</summary>
public sealed record CaptureTarget
{
    public string Namespace { get; init; } = "";
    public string Pod { get; init; } = "";
    public string Uid { get; init; } = "";

    /// <summary>The UID that the runtime's labels bear: for a static pod the annotation kubernetes.io/config.hash,
    /// else the same as <see cref="Uid"/>.</summary>
    public string RuntimeUid { get; init; } = "";
    public string NodeName { get; init; } = "";

    /// <summary>docker, containerd or cri-o: the scheme of the pod's container ids.</summary>
    public string Runtime { get; init; } = "";
}

/// <summary>Where the node keeps what a capture reads. All of it is mounted into the agent's container, read-only.</summary>
public sealed record NodeLayout
{
    /// <summary>The kind of node by which the paths were chosen: docker, containerd, cri-o, k3s, rke2 or microk8s.</summary>
    public string Profile { get; init; } = "";

    /// <summary>The runtime's socket on the node; in the agent's container it is <see cref="AgentContract.RuntimeSocket"/>.</summary>
    public string Socket { get; init; } = "";
    public IReadOnlyList<HostMount> Directories { get; init; } = [];
}

/// <param name="HostPath">A directory of the node, without a slash at its end.</param>
/// <param name="Path">Where it is in the agent's container.</param>
public sealed record HostMount(string HostPath, string Path);

public sealed record PlannedContainer
{
    public string Name { get; init; } = "";
    public ContainerKind Kind { get; init; }

    /// <summary>The current or last instance without its scheme; null if the container never started.</summary>
    public string? Id { get; init; }

    /// <summary>The instance before it, if the kubelet names one (crash loops) and it is not <see cref="Id"/>.</summary>
    public string? LastTerminatedId { get; init; }
    public string? Image { get; init; }
    public string? ImageId { get; init; }
}
