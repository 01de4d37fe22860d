using System.Text.Json;
using Forensics.Api;
using k8s;
using k8s.Models;

namespace Forensics.Controller.Informers;

/// <summary>The kinds of object that the controller watches.</summary>
internal static class ResourceTypes
{
    public static ResourceType<PodCheckpoint> PodCheckpoints { get; } = new(
        ForensicsApi.Group,
        ForensicsApi.Version,
        ForensicsApi.Plural,
        (ref Utf8JsonReader reader) => JsonSerializer.Deserialize(ref reader, ApiJson.Compact.PodCheckpoint)!,
        checkpoint => new ResourceKey(checkpoint.Metadata.Namespace, checkpoint.Metadata.Name),
        checkpoint => checkpoint.Metadata.ResourceVersion ?? "");

    public static ResourceType<V1Job> Jobs { get; } = BuiltIn<V1Job>("batch", "jobs");

    public static ResourceType<V1Pod> Pods { get; } = BuiltIn<V1Pod>("", "pods");

    private static ResourceType<T> BuiltIn<T>(string group, string plural)
        where T : IKubernetesObject<V1ObjectMeta> => new(
        group,
        "v1",
        plural,
        (ref Utf8JsonReader reader) => KubernetesJson.Deserialize<T>(JsonElement.ParseValue(ref reader)),
        o => new ResourceKey(o.Metadata.NamespaceProperty ?? "", o.Metadata.Name),
        o => o.Metadata.ResourceVersion ?? "");
}
