using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>Objects that are there until the test ends.</summary>
internal sealed class Applied : IAsyncDisposable
{
    private readonly string _yaml;

    private Applied(string yaml) => _yaml = yaml;

    public static async Task<Applied> Async(string yaml)
    {
        await RealCluster.ApplyAsync(yaml);
        return new Applied(yaml);
    }

    public async ValueTask DisposeAsync() =>
        await Command.RunAsync(RealCluster.Local.Kubectl("delete", "--ignore-not-found", "-f", "-"), CancellationToken.None, _yaml);
}
