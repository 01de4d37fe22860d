using System.Text.Json;
using k8s;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>The target as the API server returned it, and as the client's types understand it.</summary>
/// <param name="Raw">The server's own JSON: the types know only the fields of their day, evidence has all of them.</param>
internal sealed record TargetPod(JsonElement Raw, V1Pod Pod)
{
    public static TargetPod Of(JsonElement raw) => new(raw, KubernetesJson.Deserialize<V1Pod>(raw));
}
