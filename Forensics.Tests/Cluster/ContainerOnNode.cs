using System.Globalization;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A running container as the node's own tools see it.</summary>
/// <param name="ProcessId">Of its first process, on this machine.</param>
/// <param name="Upper">The layer that it writes to.</param>
/// <param name="Lowers">Its image's layers, topmost first.</param>
internal sealed record ContainerOnNode(int ProcessId, string Upper, IReadOnlyList<string> Lowers)
{
    /// <summary>Its file system, reached as one of its own processes would.</summary>
    public string Root => $"/proc/{ProcessId}/root";

    public IReadOnlyList<string> Layers => [Upper, .. Lowers];

    public static Task<ContainerOnNode> OfAsync(string runtime, string id) => runtime == "docker" ? OfDockerAsync(id) : OfContainerdAsync(id);

    private static async Task<ContainerOnNode> OfDockerAsync(string id)
    {
        var words = await RealCluster.DockerAsync(
            "inspect", "--format", "{{.State.Pid}} {{.GraphDriver.Data.UpperDir}} {{.GraphDriver.Data.LowerDir}}", id);
        return Of(words.Trim().Split(' '));
    }

    /// <summary>Of a container of containerd, running or not: the layer that it writes to, and its image's, as overlayfs is told them.</summary>
    public static async Task<(string Upper, string Lowers)> ContainerdLayersAsync(string id)
    {
        // Prints a mount command.
        var printed = await Command.RunAsync(RealCluster.Local.Containerd.Run("snapshots", "mounts", "/anywhere", id), CancellationToken.None);
        var options = printed.Trim().Split(' ')[^1].Split(',').ToLookup(option => option.Split('=')[0], option => option[(option.IndexOf('=') + 1)..]);
        return (options["upperdir"].Single(), options["lowerdir"].Single());
    }

    private static async Task<ContainerOnNode> OfContainerdAsync(string id)
    {
        var (upper, lowers) = await ContainerdLayersAsync(id);
        var tasks = await Command.RunAsync(RealCluster.Local.Containerd.Run("tasks", "list"), CancellationToken.None);
        var task = tasks.Split('\n').Single(line => line.StartsWith(id, StringComparison.Ordinal));
        return Of([task.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], upper, lowers]);
    }

    private static ContainerOnNode Of(string[] words) => new(int.Parse(words[0], CultureInfo.InvariantCulture), words[1], words[2].Split(':'));
}
