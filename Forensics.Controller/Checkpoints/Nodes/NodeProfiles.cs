using k8s.Models;

namespace Forensics.Controller.Checkpoints.Nodes;

/// <summary>The kinds of nodes that are known, and which one a node is.</summary>
internal static class NodeProfiles
{
    private const string PodLogs = "/var/log/pods";

    // What MicroK8s writes on its nodes, from its first versions to those of today.
    private static readonly string[] MicroK8sLabels =
        ["microk8s.io/cluster", "node.kubernetes.io/microk8s-controlplane", "node.kubernetes.io/microk8s-worker"];

    /// <summary>As each distribution installs it.</summary>
    public static IReadOnlyList<NodeProfile> All { get; } =
    [
        new("docker") { Socket = "/var/run/docker.sock", Root = "/var/lib/docker" },
        new("containerd")
        {
            Socket = "/run/containerd/containerd.sock", Root = "/var/lib/containerd", State = "/run/containerd", Logs = PodLogs,
        },
        new("cri-o")
        {
            Socket = "/var/run/crio/crio.sock", Root = "/var/lib/containers/storage", State = "/run/containers/storage", Logs = PodLogs,
        },
        new("k3s")
        {
            Socket = "/run/k3s/containerd/containerd.sock",
            Root = "/var/lib/rancher/k3s/agent/containerd",
            State = "/run/k3s/containerd",
            Logs = PodLogs,
        },
        new("rke2")
        {
            Socket = "/run/k3s/containerd/containerd.sock",
            Root = "/var/lib/rancher/rke2/agent/containerd",
            State = "/run/k3s/containerd",
            Logs = PodLogs,
        },
        new("microk8s")
        {
            Socket = "/var/snap/microk8s/common/run/containerd.sock",
            Root = "/var/snap/microk8s/common/var/lib/containerd",
            State = "/var/snap/microk8s/common/run/containerd",
            Kubelet = "/var/snap/microk8s/common/var/lib/kubelet",
            Logs = PodLogs,
        },
    ];

    /// <param name="runtime">docker, containerd or cri-o: the scheme of the pod's container ids. Docker is Docker in every
    /// distribution, behind dockershim or cri-dockerd.</param>
    public static string NameFor(string runtime, V1Node? node)
    {
        if (runtime != "containerd") return runtime;
        var kubelet = node?.Status?.NodeInfo?.KubeletVersion ?? "";
        if (kubelet.Contains("+k3s", StringComparison.Ordinal)) return "k3s";
        if (kubelet.Contains("+rke2", StringComparison.Ordinal)) return "rke2";
        return MicroK8sLabels.Any(label => node?.Metadata?.Labels?.ContainsKey(label) == true) ? "microk8s" : runtime;
    }
}
