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
    public ExportSpec? Export { get; init; }

    /// <summary>Names of volumes of the pod that are captured beside its emptyDirs: claims and directories of the node.</summary>
    public IReadOnlyList<string>? Volumes { get; init; }

    /// <summary>Seconds that the capture may take, counted from its Job's start. The installation's own limit holds where it is lower,
    /// or where none is given.</summary>
    public long? ActiveDeadlineSeconds { get; init; }

    /// <summary>Seconds after its end when the PodCheckpoint itself is deleted, with its Job and plan; never if none is given.</summary>
    public int? TtlSecondsAfterFinished { get; init; }

    /// <summary>Less would leave an agent no time: it gets half of it at the least.</summary>
    public const int ShortestDeadlineSeconds = 60;
}
