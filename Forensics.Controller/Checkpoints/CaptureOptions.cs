using Forensics.Controller.Checkpoints.Nodes;

namespace Forensics.Controller.Checkpoints;

/// <summary>How this deployment captures: what the flags say, with their defaults.</summary>
internal sealed record CaptureOptions
{
    /// <summary>Where plans, Jobs and agents live.</summary>
    public string WorkerNamespace { get; init; } = "forensics-workers";

    /// <summary>Empty means the PodTemplate's own image.</summary>
    public string WorkerImage { get; init; } = "";

    /// <summary>Bucket and prefix patterns that match whole segments; none allows all.</summary>
    public IReadOnlyList<string> AllowedDestinations { get; init; } = [];

    /// <summary>Runtimes that captures are started for: docker, containerd, cri-o.</summary>
    public IReadOnlyList<string> Runtimes { get; init; } = ["docker", "containerd", "cri-o"];

    /// <summary>Where nodes keep things elsewhere than their profile says.</summary>
    public IReadOnlyList<NodePath> NodePaths { get; init; } = [];

    /// <summary>Pin the agent by spec.nodeName, past the scheduler, instead of by node affinity.</summary>
    public bool PinByNodeName { get; init; }

    /// <summary>How long a target may take until it is scheduled, started and on a ready node.</summary>
    public TimeSpan TargetTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the agent's pod may take until its container runs.</summary>
    public TimeSpan AgentStartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>MiB that one agent may store in a second; 0 sets no cap.</summary>
    public int MaxBandwidth { get; init; }

    /// <summary>The Job's active deadline. The agent's own ends earlier, by the start timeout and a minute.</summary>
    public TimeSpan CaptureDeadline { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Agents that work at the same time on one node.</summary>
    public int MaxCapturesPerNode { get; init; } = 1;

    /// <summary>Agents that work at the same time in all.</summary>
    public int MaxCaptures { get; init; } = 10;

    /// <summary>How long plan and Job stay after a Complete, so that people can read the agent's log.</summary>
    public TimeSpan KeepComplete { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The same after a Failed.</summary>
    public TimeSpan KeepFailed { get; init; } = TimeSpan.FromDays(1);
}
