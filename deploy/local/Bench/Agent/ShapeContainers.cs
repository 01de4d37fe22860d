using System.Globalization;

namespace Forensics.Local;

/// <summary>Makes the containers of the shapes on the Docker node, and takes them away.</summary>
internal sealed class ShapeContainers(LocalCluster cluster, ShapeFolders folders) : IAsyncDisposable
{
    private readonly List<string> _made = [];

    public async Task<Shape> MakeAsync(string shape, Progress progress, CancellationToken cancellation)
    {
        progress.Say($"Bench: making {shape}");
        var name = $"bench-{shape}";
        var image = $"{name}:local";
        await cluster.Images.MakeAsync(image, await folders.EnsureAsync(shape, cancellation), ["ENTRYPOINT [\"/pause\"]"], progress, cancellation);
        await Command.TryAsync(cluster.Docker.Run("rm", "--force", name), cancellation);
        await Command.RunAsync(cluster.Docker.Run("run", "--detach", "--name", name, "--network", "none", image), cancellation);
        _made.Add(name);
        var merged = await Command.RunAsync(cluster.Docker.Run("inspect", "--format", "{{.GraphDriver.Data.MergedDir}}", name), cancellation);
        var length = await Command.RunAsync(
            new CommandLine("/bin/bash", "-c", $"set -o pipefail; {cluster.Docker.Run("export", name)} | wc --bytes"), cancellation);
        return new Shape(shape, name, merged.Trim(), long.Parse(length, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _made) await Command.TryAsync(cluster.Docker.Run("rm", "--force", name), CancellationToken.None);
    }
}
