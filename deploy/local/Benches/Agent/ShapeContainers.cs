using System.Globalization;

namespace Forensics.Local;

/// <summary>Makes the containers of the shapes on both nodes, and takes them away.</summary>
internal sealed class ShapeContainers(LocalCluster cluster, ShapeFolders folders) : IAsyncDisposable
{
    private readonly List<string> _made = [];

    public async Task<Shape> MakeAsync(string shape, Progress progress, CancellationToken cancellation)
    {
        progress.Say($"Bench: making {shape}");
        var name = $"bench-{shape}";
        var image = $"{name}:local";
        await cluster.Images.MakeInBothAsync(image, await folders.EnsureAsync(shape, cancellation), ["ENTRYPOINT [\"/pause\"]"], progress, cancellation);
        await RemoveAsync(name, cancellation);
        _made.Add(name);
        var containerd = await StartPodAsync(name, image, cancellation);
        await Command.RunAsync(cluster.Docker.Run("run", "--detach", "--name", name, "--network", "none", image), cancellation);
        await ReadOnceAsync(containerd, cancellation);
        var merged = await Command.RunAsync(cluster.Docker.Run("inspect", "--format", "{{.GraphDriver.Data.MergedDir}}", name), cancellation);
        var length = await Command.RunAsync(
            new CommandLine("/bin/bash", "-c", $"set -o pipefail; {cluster.Docker.Run("export", name)} | wc --bytes"), cancellation);
        return new Shape(shape, name, containerd, merged.Trim(), long.Parse(length, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _made) await RemoveAsync(name, CancellationToken.None);
    }

    /// <summary>So that its files are in the page cache, as those on Docker are once they are exported: our agent leaves none there.</summary>
    private async Task ReadOnceAsync(string container, CancellationToken cancellation)
    {
        var root = Path.Combine(
            cluster.Containerd.StateFolder, "io.containerd.runtime.v2.task", ContainerdEngine.KubernetesNamespace, container, "rootfs");
        // Into a pipe: tar does not read what it writes to /dev/null.
        await Command.RunAsync(
            cluster.ContainerdNode.Within(new CommandLine("/bin/bash", "-c", $"set -o pipefail; tar --create --directory={root} . | wc --bytes")), cancellation);
    }

    /// <returns>The container's id.</returns>
    private async Task<string> StartPodAsync(string name, string image, CancellationToken cancellation)
    {
        await Command.RunAsync(cluster.Kubectl("apply", "-f", "-"), cancellation, $$"""
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{name}}", "namespace": "default" },
              "spec": { "nodeName": "{{cluster.ContainerdNode.Name}}", "hostNetwork": true, "automountServiceAccountToken": false,
                "terminationGracePeriodSeconds": 0,
                "containers": [ { "name": "shape", "image": "{{image}}", "imagePullPolicy": "Never" } ] } }
            """);
        await Command.RunAsync(cluster.Kubectl("wait", "--for=condition=Ready", "--timeout=180s", $"pod/{name}"), cancellation);
        var id = await Command.RunAsync(
            cluster.Kubectl("get", "pod", name, "-o", "jsonpath={.status.containerStatuses[0].containerID}"), cancellation);
        return id.Trim().Split("://")[1];
    }

    private async Task RemoveAsync(string name, CancellationToken cancellation)
    {
        await Command.TryAsync(cluster.Docker.Run("rm", "--force", name), cancellation);
        await Command.TryAsync(cluster.Kubectl("delete", "pod", name, "--ignore-not-found", "--grace-period=1"), cancellation);
    }
}
