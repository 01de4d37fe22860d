using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>What one run is to do, whoever asks for it: a Job's plan or a person's command line.</summary>
internal sealed record CaptureOrder
{
    public required CapturePlan Plan { get; init; }
    public required AgentIdentity Agent { get; init; }

    /// <summary>What the controller read of the pod; null if nobody did, as on a host without Kubernetes.</summary>
    public PodMetadata? Metadata { get; init; }

    /// <summary>Null if a person asked by hand.</summary>
    public PodCheckpointReference? AskedBy => Plan.PodCheckpoint.Name.Length == 0 ? null : Plan.PodCheckpoint;
}

/// <summary>The plan's files, byte for byte; a file that was not there is null.</summary>
internal sealed record PodMetadata(byte[]? Yaml, byte[]? Describe);
