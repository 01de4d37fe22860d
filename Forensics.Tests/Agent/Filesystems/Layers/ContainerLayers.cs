using Forensics.Agent.Filesystems.Layers;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Where the Docker node keeps a container's file system.</summary>
internal static class ContainerLayers
{
    public static async Task<LayeredRoot> OfAsync(DockerContainer container)
    {
        var data = await RealCluster.DockerAsync("inspect", "--format", "{{.GraphDriver.Data.UpperDir}} {{.GraphDriver.Data.LowerDir}}", container.Id);
        var (upper, lower) = (data.Trim().Split(' ')[0], data.Trim().Split(' ')[1]);
        return new LayeredRoot(upper, lower.Split(':'));
    }
}
