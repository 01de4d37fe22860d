using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy;

/// <summary>The two namespaces under names of a test's own. A dry run cannot see what the same dry run would make, and must not
/// meet what is deployed.</summary>
internal sealed class ScratchNamespaces : IAsyncDisposable
{
    private readonly string _prefix = $"deploy-{Guid.NewGuid():N}"[..15];

    private ScratchNamespaces()
    {
    }

    public string System => $"{_prefix}-system";

    public string Workers => $"{_prefix}-workers";

    public static async Task<ScratchNamespaces> MakeAsync()
    {
        var made = new ScratchNamespaces();
        await RealCluster.ApplyAsync(string.Join("\n---\n", new[] { made.System, made.Workers }.Select(name => $"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {name}
            """)));
        return made;
    }

    /// <summary>A manifest as it would be if the deployment's namespaces had these names.</summary>
    public string Move(string manifest) => manifest
        .Replace(RealCluster.SystemNamespace, System, StringComparison.Ordinal)
        .Replace(RealCluster.WorkerNamespace, Workers, StringComparison.Ordinal);

    public async ValueTask DisposeAsync() =>
        await RealCluster.KubectlAsync("delete", "namespace", System, Workers, "--wait=false", "--ignore-not-found");
}
