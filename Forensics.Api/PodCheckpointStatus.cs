using System.Text.Json.Serialization;

namespace Forensics.Api;

/// <summary>What is known of a capture. The first six fields are upstream's; times are RFC 3339 UTC.</summary>
public sealed record PodCheckpointStatus
{
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? CompletionTime { get; init; }

    /// <summary>Agent pods running, succeeded and failed, as the Job counts them.</summary>
    public int Active { get; init; }
    public int Succeeded { get; init; }
    public int Failed { get; init; }
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    public Phase Phase { get; init; } = Phase.Pending;
    public long? ObservedGeneration { get; init; }

    /// <summary>The <see cref="Api.SpecHash"/> of the spec at the end, and of any that came after it and was disregarded.</summary>
    public string? SpecHash { get; init; }

    /// <summary>One line for a person: what happens now, or how it ended and what to do.</summary>
    public string? Message { get; init; }
    public string? TargetNamespace { get; init; }

    /// <summary>UID of the pod that is captured: a namesake made later is another pod.</summary>
    public string? TargetUid { get; init; }
    public string? NodeName { get; init; }
    public string? JobName { get; init; }

    /// <summary>The evidence folder, <c>s3://bucket/prefix/</c>; known once the agent's pod exists.</summary>
    public string? Location { get; init; }

    /// <summary>SHA-256 of manifest.json in lower-case hex: whoever holds this can prove the whole folder.</summary>
    [JsonPropertyName("manifestSHA256")]
    public string? ManifestSha256 { get; init; }

    /// <summary>Bytes stored so far, all objects together.</summary>
    public long? Bytes { get; init; }

    /// <summary><see cref="Bytes"/> for people, such as <c>1.2 GiB</c>.</summary>
    public string? Size { get; init; }
    public CaptureProgress? Progress { get; init; }
    public IReadOnlyList<ContainerStatus> Containers { get; init; } = [];
}

/// <summary>Where a capture stands. <see cref="Complete"/> and <see cref="Failed"/> are final.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>Accepted; waits for its target or for its agent.</summary>
    Pending,

    /// <summary>The agent runs.</summary>
    Capturing,

    /// <summary>Every artifact is stored and proven by the manifest.</summary>
    Complete,

    /// <summary>Ended otherwise; reason and message say why. What was captured stays in the bucket.</summary>
    Failed,
}

/// <summary>One container of the target, as far as its capture has come.</summary>
public sealed record ContainerStatus
{
    public string Name { get; init; } = "";
    public ContainerKind Kind { get; init; }

    /// <summary>docker, containerd or cri-o.</summary>
    public string? Runtime { get; init; }
    public string? Id { get; init; }
    public CaptureState State { get; init; }
    public string? Reason { get; init; }
    public long? Bytes { get; init; }
}
