namespace Forensics.Local;

/// <summary>What a program needs to know to use the running cluster: written to <c>cluster.json</c> when it is up.</summary>
internal sealed record ClusterDescriptor
{
    public required Uri ApiUrl { get; init; }

    /// <summary>A kubeconfig that may do anything.</summary>
    public required string Kubeconfig { get; init; }

    /// <summary>kubectl, the program.</summary>
    public required string Kubectl { get; init; }

    public required string DockerNode { get; init; }

    public required string DockerSocket { get; init; }

    public required string DockerDataRoot { get; init; }

    /// <summary>docker, the client program.</summary>
    public required string DockerClient { get; init; }

    /// <summary>The machine's folder that the Docker node's pods and kubelet see as /var/log/pods.</summary>
    public required string DockerPodLogs { get; init; }

    public required string ContainerdNode { get; init; }

    public required string ContainerdSocket { get; init; }

    public required string ContainerdRoot { get; init; }

    /// <summary>The same for the containerd node.</summary>
    public required string ContainerdPodLogs { get; init; }

    public required Uri S3Endpoint { get; init; }

    public required string S3Region { get; init; }

    public required string S3Bucket { get; init; }

    /// <summary>The user "forensics", who owns the bucket, and "restricted", who may do nothing until granted.</summary>
    public required ObjectStoreKeys S3Keys { get; init; }
}
