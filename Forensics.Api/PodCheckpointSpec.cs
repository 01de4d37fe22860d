using System.Text.Json.Serialization;

namespace Forensics.Api;

/// <summary>What to capture and where to put it. Field names are upstream's.</summary>
public sealed record PodCheckpointSpec
{
    public const string DefaultSubpath = "forensics";

    /// <summary><c>s3://bucket[/prefix]</c>.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Key prefix below the destination; empty means <see cref="DefaultSubpath"/>.</summary>
    public string? Subpath { get; init; }

    /// <summary>Name of the target pod.</summary>
    public string Pod { get; init; } = "";

    /// <summary>Namespace of the target pod; empty means the PodCheckpoint's own.</summary>
    [JsonPropertyName("namespace")]
    public string? Namespace { get; init; }
}
