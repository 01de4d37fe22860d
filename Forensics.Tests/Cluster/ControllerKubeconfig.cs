using System.Text;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A kubeconfig with the deployed controller's own token, so that a controller run by a test has its rights and no more.</summary>
internal static class ControllerKubeconfig
{
    public const string ServiceAccount = "forensics-controller-manager";

    public static async Task<string> WriteAsync()
    {
        // Kubernetes 1.20 makes a Secret with a lasting token for every ServiceAccount.
        var secret = await RealCluster.KubectlAsync(
            "get", "serviceaccount", "-n", RealCluster.SystemNamespace, ServiceAccount, "-o", "jsonpath={.secrets[0].name}");
        var token = await RealCluster.KubectlAsync(
            "get", "secret", "-n", RealCluster.SystemNamespace, secret, "-o", "jsonpath={.data.token}");
        var authority = await RealCluster.KubectlAsync(
            "get", "secret", "-n", RealCluster.SystemNamespace, secret, "-o", "jsonpath={.data.ca\\.crt}");
        var path = Path.Combine(Path.GetTempPath(), $"forensics-controller-{Environment.ProcessId}.kubeconfig");
        PrivateFile.Write(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: controller
            clusters:
              - name: local
                cluster: {server: "{{RealCluster.Descriptor.ApiUrl}}", certificate-authority-data: "{{authority}}"}
            users:
              - name: controller
                user: {token: "{{Encoding.UTF8.GetString(Convert.FromBase64String(token))}}"}
            contexts:
              - name: controller
                context: {cluster: local, user: controller}
            """);
        return path;
    }
}
