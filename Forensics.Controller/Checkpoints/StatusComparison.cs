using System.Text.Json;
using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

internal static class StatusComparison
{
    /// <summary>Whether a reader of the API sees the same.</summary>
    public static bool IsSameAs(this PodCheckpointStatus? one, PodCheckpointStatus? other) => JsonOf(one) == JsonOf(other);

    private static string JsonOf(PodCheckpointStatus? status) =>
        status is null ? "" : JsonSerializer.Serialize(status, ApiJson.Compact.PodCheckpointStatus);
}
