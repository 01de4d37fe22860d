using System.Text;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A kubeconfig with the deployed controller's own token, so that a controller run by a test has its rights and no more.</summary>
internal static class ControllerKubeconfig
{
    public const string ServiceAccount = "forensics-controller-manager";

    /// <param name="systemNamespace">Where the controller's account is: the deployed one's, or a test's own copy.</param>
    public static async Task<string> WriteAsync(string systemNamespace = RealCluster.SystemNamespace)
    {
        var path = Path.Combine(Path.GetTempPath(), $"forensics-controller-{systemNamespace}-{Environment.ProcessId}.kubeconfig");
        PrivateFile.Write(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: controller
            clusters:
              - name: local
                cluster: {server: "{{RealCluster.Descriptor.ApiUrl}}", certificate-authority-data: "{{await AuthorityDataAsync(systemNamespace)}}"}
            users:
              - name: controller
                user: {token: "{{await TokenAsync(systemNamespace, ServiceAccount)}}"}
            contexts:
              - name: controller
                context: {cluster: local, user: controller}
            """);
        return path;
    }

    /// <summary>PEM of the API server's certificate authority.</summary>
    public static async Task<string> AuthorityAsync() => Encoding.UTF8.GetString(Convert.FromBase64String(await AuthorityDataAsync(RealCluster.SystemNamespace)));

    private static async Task<string> AuthorityDataAsync(string systemNamespace) => await RealCluster.KubectlAsync(
        "get", "secret", "-n", systemNamespace, await SecretAsync(systemNamespace, ServiceAccount), "-o", "jsonpath={.data.ca\\.crt}");

    /// <summary>A lasting token of any ServiceAccount.</summary>
    public static async Task<string> TokenAsync(string namespaceName, string account)
    {
        var token = await RealCluster.KubectlAsync(
            "get", "secret", "-n", namespaceName, await SecretAsync(namespaceName, account), "-o", "jsonpath={.data.token}");
        return Encoding.UTF8.GetString(Convert.FromBase64String(token));
    }

    // Kubernetes 1.20 makes a Secret with a lasting token for every ServiceAccount, a moment after it.
    private static Task<string> SecretAsync(string namespaceName, string account) => RealCluster.EventuallyAsync(
        $"the account {account} has its token", TimeSpan.FromSeconds(30),
        () => RealCluster.KubectlAsync("get", "serviceaccount", "-n", namespaceName, account, "-o", "jsonpath={.secrets[0].name}"),
        secret => secret.Length > 0);
}
