using Forensics.Controller;
using Forensics.Local;
using k8s;

namespace Forensics.Tests.Controller;

/// <summary>The one-machine cluster's real API server.</summary>
internal static class ClusterConnection
{
    public static Kubernetes Open() => KubernetesConnection.Open(LocalCluster.FromEnvironment().Descriptor.Kubeconfig, "");
}
