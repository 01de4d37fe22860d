using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Controller.Informers;

/// <summary>The kinds of object that the controller watches.</summary>
internal static class ResourceTypes
{
    public static ResourceType<PodCheckpoint> PodCheckpoints { get; } = new(
        ForensicsApi.Group,
        ForensicsApi.Version,
        ForensicsApi.Plural,
        PodCheckpointReader.Read,
        checkpoint => new ResourceKey(checkpoint.Metadata.Namespace, checkpoint.Metadata.Name),
        checkpoint => checkpoint.Metadata.ResourceVersion ?? "");

    public static ResourceType<AgentJob> Jobs { get; } =
        new("batch", "v1", "jobs", AgentJobReader.Read, job => job.Metadata.Key, job => job.Metadata.ResourceVersion);

    public static ResourceType<AgentPod> Pods { get; } =
        new("", "v1", "pods", AgentPodReader.Read, pod => pod.Metadata.Key, pod => pod.Metadata.ResourceVersion);
}
