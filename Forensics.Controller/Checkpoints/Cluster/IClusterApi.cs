using Forensics.Api;
using Forensics.Controller.Informers;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Cluster;

/// <summary>Everything that captures ask of the API server, besides watching. Reads are live, never from a cache. Plans, Jobs,
/// agents and the PodTemplate are those of the worker namespace. What the server refuses for good or for now, and what cannot
/// be reached, is an exception, except where a method says otherwise.</summary>
internal interface IClusterApi
{
    /// <returns>Null if there is none.</returns>
    Task<PodCheckpoint?> GetPodCheckpointAsync(ResourceKey key, CancellationToken cancellationToken);

    /// <summary>Writes the status subresource. The checkpoint's resourceVersion must still be the current one: 409
    /// otherwise, unless what is there is just this status. One that is not there any more needs no status.</summary>
    Task UpdateStatusAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Deletes it if it is just as it was read, UID and resourceVersion: 409 otherwise. Its not being there any more is success.</summary>
    Task DeletePodCheckpointAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <returns>Null if there is none.</returns>
    Task<TargetPod?> GetTargetPodAsync(ResourceKey key, CancellationToken cancellationToken);

    /// <returns>Null if there is none.</returns>
    Task<V1Node?> GetNodeAsync(string name, CancellationToken cancellationToken);

    /// <returns>The volume that a PersistentVolumeClaim is bound to; null if the claim is not there or not bound.</returns>
    Task<V1PersistentVolume?> GetClaimedVolumeAsync(ResourceKey claim, CancellationToken cancellationToken);

    /// <param name="kind">Of the object concerned, such as Pod.</param>
    /// <returns>At most 500; null if the server refuses to show them. Events are help, never worth a capture.</returns>
    Task<IReadOnlyList<Corev1Event>?> ListEventsAsync(string ns, string kind, string name, CancellationToken cancellationToken);

    /// <summary>Makes an event. One of the same name being there already is success.</summary>
    Task CreateEventAsync(Corev1Event recorded, CancellationToken cancellationToken);

    /// <returns>Null if there is none.</returns>
    Task<V1ConfigMap?> GetPlanAsync(string name, CancellationToken cancellationToken);

    Task<Creation<V1ConfigMap>> CreatePlanAsync(V1ConfigMap plan, CancellationToken cancellationToken);

    /// <returns>Names, labels and annotations, as they come in; not the content, of which there may be a MiB each.</returns>
    IAsyncEnumerable<V1ObjectMeta> ListPlansAsync(CancellationToken cancellationToken);

    /// <returns>Null if there is none.</returns>
    Task<AgentJob?> GetJobAsync(string name, CancellationToken cancellationToken);

    Task<Creation<AgentJob>> CreateJobAsync(V1Job job, CancellationToken cancellationToken);

    Task<IReadOnlyList<AgentPod>> ListAgentPodsAsync(string checkpointUid, CancellationToken cancellationToken);

    /// <returns>Null if there is none.</returns>
    Task<V1PodTemplate?> GetPodTemplateAsync(string name, CancellationToken cancellationToken);

    /// <returns>The last lines of the agent's log; null if the node does not give them now.</returns>
    Task<string?> ReadLogTailAsync(string agentPod, int lines, CancellationToken cancellationToken);

    /// <summary>Deletes in the background, so that the agent's pod goes too. Only the very object with this UID: one that took the
    /// name since is left alone. Its not being there any more is success.</summary>
    Task DeletePlanAsync(string name, string uid, CancellationToken cancellationToken);

    /// <inheritdoc cref="DeletePlanAsync"/>
    Task DeleteJobAsync(string name, string uid, CancellationToken cancellationToken);
}

/// <summary>What became of asking for a new object.</summary>
internal abstract record Creation<T>
{
    private Creation()
    {
    }

    /// <param name="Value">As the server stored it, with its UID.</param>
    public sealed record Created(T Value) : Creation<T>;

    /// <summary>Its name is taken, perhaps by an earlier try of ours.</summary>
    public sealed record Exists : Creation<T>;

    /// <summary>Refused by admission, quota, validation or permissions.</summary>
    /// <param name="Message">The server's own words.</param>
    public sealed record Refused(string Message) : Creation<T>;
}
