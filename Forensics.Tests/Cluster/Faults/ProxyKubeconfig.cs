using Forensics.Local;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A kubeconfig that leads to the proxy, there until it is disposed.</summary>
internal sealed record ProxyKubeconfig(string Path) : IDisposable
{
    /// <param name="token">Of the controller's account.</param>
    public static ProxyKubeconfig Write(Uri proxy, string token)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"forensics-fault-{proxy.Port}-{Environment.ProcessId}.kubeconfig");
        PrivateFile.Write(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: proxy
            clusters:
              - name: proxy
                cluster: {server: "{{proxy}}", certificate-authority-data: "{{ProxyCertificate.AuthorityData}}"}
            users:
              - name: controller
                user: {token: "{{token}}"}
            contexts:
              - name: proxy
                context: {cluster: proxy, user: controller}
            """);
        return new ProxyKubeconfig(path);
    }

    public void Dispose() => File.Delete(Path);
}
