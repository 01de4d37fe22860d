namespace Forensics.Api;

/// <summary>One line of the agent's stdout: how far it is. Also status.progress.</summary>
public sealed record CaptureProgress
{
    public DateTimeOffset? Time { get; init; }

    /// <summary>Name of the container in hand; null for the pod's own artifacts.</summary>
    public string? Container { get; init; }

    /// <summary>Object name of the artifact in hand.</summary>
    public string? Artifact { get; init; }

    /// <summary>Bytes read of the evidence so far, all artifacts together.</summary>
    public long Bytes { get; init; }

    /// <summary>Artifacts done, whatever their state.</summary>
    public int ArtifactsDone { get; init; }
}
