using System.Text;

namespace Forensics.Local;

/// <summary>What a kubelet would put into the controller's pod: token, certificate and namespace of its ServiceAccount.</summary>
internal sealed class BenchAccount(BenchApi api, BenchControlPlane plane)
{
    private const string Namespace = "forensics-system";
    private const string Secrets = $"/api/v1/namespaces/{Namespace}/secrets";

    /// <returns>A folder to be mounted at /run.</returns>
    public async Task<string> WriteAsync(CancellationToken cancellation)
    {
        var secret = "";
        var made = await Deadline.WaitAsync(
            async token => (secret = await FindAsync(token)).Length > 0, TimeSpan.FromSeconds(30), TimeProvider.System, cancellation);
        if (!made) throw new LocalClusterException($"The controller manager has not made the token of {Namespace}/forensics-controller-manager.");

        var data = (await api.GetAsync($"{Secrets}/{secret}", cancellation))["data"]!;
        var run = plane.FolderOf("controller-run");
        var account = Directory.CreateDirectory(Path.Combine(run, "secrets/kubernetes.io/serviceaccount")).FullName;
        foreach (var file in new[] { "token", "ca.crt", "namespace" })
            PrivateFile.Write(Path.Combine(account, file), Encoding.UTF8.GetString(Convert.FromBase64String(data[file]!.GetValue<string>())));
        return run;
    }

    // Its name ends in letters of chance, and it is filled in a moment after it is made.
    private async Task<string> FindAsync(CancellationToken cancellation) => (await api.GetAsync(Secrets, cancellation))["items"]!.AsArray()
        .Where(secret => secret!["data"]?["token"] is not null)
        .Select(secret => secret!["metadata"]!["name"]!.GetValue<string>())
        .FirstOrDefault(name => name.StartsWith("forensics-controller-manager-token-", StringComparison.Ordinal), "");
}
