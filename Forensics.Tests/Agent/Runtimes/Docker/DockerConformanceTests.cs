using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Runtimes.Docker;

internal sealed class DockerConformanceTests : ContainerRuntimeContract
{
    protected override string Node => RealCluster.Descriptor.DockerNode;

    // Docker's limit; with the two that it adds for a container it makes 127.
    protected override int MostLayers => 125;

    protected override IContainerRuntime Connect() =>
        new DockerRuntime(new DockerOptions { Socket = RealCluster.Descriptor.DockerSocket }, TimeProvider.System, NullLogger.Instance);

    protected override CommandLine LoadImage(string archive) => RealCluster.Local.Docker.Run("load", "--input", archive);

    protected override Task PauseAsync(string id) => RealCluster.DockerAsync("pause", id);

    protected override Task ResumeAsync(string id) => RealCluster.DockerAsync("unpause", id);
}
