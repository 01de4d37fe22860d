using System.Text.Json;
using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>The ConfigMap that has the plan's name, as it was found.</summary>
/// <param name="Uid">The ConfigMap's own UID, by which the Job is owned.</param>
/// <param name="Content">Null if it is not this PodCheckpoint's plan: somebody else has taken the name.</param>
internal sealed record StoredPlan(string Uid, CapturePlan? Content)
{
    public static StoredPlan Read(V1ConfigMap map, PodCheckpoint checkpoint)
    {
        var isOurs = map.Metadata.IsFor(checkpoint) && map.Immutable == true;
        var plan = isOurs ? Parse(map.Data?.TryGetValue(AgentContract.PlanFile, out var json) == true ? json : null) : null;
        return new StoredPlan(map.Metadata.Uid, plan?.PodCheckpoint.Uid == checkpoint.Metadata.Uid ? plan : null);
    }

    private static CapturePlan? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, ApiJson.Whole<CapturePlan>());
        }
        catch (JsonException)
        {
            return null; // Not what this controller writes: as foreign as one without our labels.
        }
    }
}
