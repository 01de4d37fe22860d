namespace Forensics.Agent.Runtimes;

/// <summary>What the kubelet writes on every container that it starts (kubelet's types/labels.go).</summary>
internal static class KubernetesLabels
{
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string ContainerName = "io.kubernetes.container.name";

    /// <summary>The dockershim's and cri-dockerd's own: podsandbox or container.</summary>
    public const string DockerType = "io.kubernetes.docker.type";
    public const string SandboxType = "podsandbox";
}
