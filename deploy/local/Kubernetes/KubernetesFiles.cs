namespace Forensics.Local;

/// <summary>Kubernetes' programs, certificates and kubeconfigs: where they are, and making those that are cheap.</summary>
internal sealed class KubernetesFiles(LocalPaths paths, TimeProvider time)
{
    private const string Administrators = "system:masters";

    public CertificateAuthority Authority { get; } = new(paths.StateOf("kubernetes"), time);

    /// <summary>For people, tasks and tests: may do anything.</summary>
    public string AdminKubeconfig => KubeconfigOf("admin");

    public string Program(string name) => Path.Combine(paths.Cached(KubernetesBuild.FolderName), name);

    public string KubeconfigOf(string name) => Path.Combine(paths.StateOf("kubernetes"), name + ".kubeconfig");

    /// <summary>Makes what is not there yet.</summary>
    public void Ensure()
    {
        Directory.CreateDirectory(paths.StateOf("kubernetes"));
        Authority.Ensure();
        Authority.EnsureKey("service-accounts");
        Authority.Issue(
            "kube-apiserver", "kube-apiserver", null,
            LoopbackNetwork.Address, "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local");
        Authority.Issue("kubelet-client", "kube-apiserver-kubelet-client", Administrators);
        IssueClient("admin", "admin", Administrators);
        IssueClient("kube-controller-manager", "system:kube-controller-manager", null, LoopbackNetwork.Address);
        IssueClient("kube-scheduler", "system:kube-scheduler", null, LoopbackNetwork.Address);
        foreach (var node in new[] { LocalNodes.Docker, LocalNodes.Containerd })
            IssueClient(node, "system:node:" + node, "system:nodes", node, LoopbackNetwork.Address);
    }

    private void IssueClient(string name, string user, string? group, params IReadOnlyList<string> hosts)
    {
        Authority.Issue(name, user, group, hosts);
        if (!File.Exists(KubeconfigOf(name))) Kubeconfig.Write(KubeconfigOf(name), Authority, name);
    }
}
