using System.Text.Json.Nodes;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy;

/// <summary>The checkout's CRD in an API group of a test's own, so that the deployed one stays as it is and no controller acts
/// on what is applied here.</summary>
internal sealed class ScratchCrd : IAsyncDisposable
{
    private ScratchCrd()
    {
    }

    public string Group { get; } = $"g{Guid.NewGuid():N}"[..9] + ".example.com";

    public static async Task<ScratchCrd> EstablishAsync()
    {
        var crd = new ScratchCrd();
        await RealCluster.ApplyAsync(crd.Move(Manifests.Text(Crd.File)));
        await RealCluster.KubectlAsync(
            "wait", "--for=condition=Established", $"--timeout={RealCluster.Patience.TotalSeconds:0}s", $"crd/{ForensicsApi.Plural}.{crd.Group}");
        await RealCluster.EventuallyAsync(
            "the new group is served", TimeSpan.FromMinutes(1),
            async () => (await RealCluster.TryKubectlAsync("get", $"{ForensicsApi.Plural}.{crd.Group}", "-A")).ExitCode, code => code == 0);
        await RealCluster.EventuallyAsync(
            "the new group is explained", TimeSpan.FromMinutes(1),
            async () => (await RealCluster.TryKubectlAsync("explain", ForensicsApi.Plural, $"--api-version={crd.Group}/{ForensicsApi.Version}")).ExitCode,
            code => code == 0);
        return crd;
    }

    /// <summary>A manifest as it would be if the API group had this name.</summary>
    public string Move(string manifest) => manifest.Replace(ForensicsApi.Group, Group, StringComparison.Ordinal);

    /// <summary>Whether the API server takes it, and what it says. Nothing is stored; the namespace is the default one.</summary>
    public Task<CommandResult> DryRunAsync(JsonObject podCheckpoint) => Command.TryAsync(
        // Its own judgement is wanted, not the client's.
        RealCluster.Local.Kubectl("create", "--dry-run=server", "--validate=false", "-n", "default", "-o", "json", "-f", "-"),
        CancellationToken.None,
        Move(podCheckpoint.ToJsonString()));

    public async ValueTask DisposeAsync() =>
        await RealCluster.KubectlAsync("delete", "crd", $"{ForensicsApi.Plural}.{Group}", "--ignore-not-found");
}
