using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Runtimes.Docker;

internal sealed class DockerConformanceTests : ContainerRuntimeContract
{
    private DockerContainer? _rotated;

    [OneTimeTearDown]
    public async Task RemoveContainerAsync()
    {
        if (_rotated is not null) await _rotated.DisposeAsync();
    }

    protected override string Node => RealCluster.Descriptor.DockerNode;

    // Docker's limit; with the two that it adds for a container it makes 127.
    protected override int MostLayers => 125;

    protected override bool Exports => true;

    protected override IContainerRuntime Connect() =>
        new DockerRuntime(new DockerOptions { Socket = RealCluster.Descriptor.DockerSocket }, TimeProvider.System, NullLogger.Instance);

    protected override CommandLine LoadImage(string archive) => RealCluster.Local.Docker.Run("load", "--input", archive);

    protected override Task PauseAsync(string id) => RealCluster.DockerAsync("pause", id);

    protected override Task ResumeAsync(string id) => RealCluster.DockerAsync("unpause", id);

    protected override Task KillAsync(string id) => RealCluster.DockerAsync("kill", id);

    // The daemon rotates by itself if a container's options say so, which a kubelet's do not.
    protected override async Task<string> RunWithRotatedLogAsync()
    {
        _rotated = await DockerContainer.RunToEndAsync("seq 1 50000", "--log-opt=max-size=1m", "--log-opt=max-file=50");
        var log = (await RealCluster.DockerAsync("inspect", "--format", "{{.LogPath}}", _rotated.Id)).Trim();
        Directory.GetFiles(Path.GetDirectoryName(log)!, $"{Path.GetFileName(log)}.*").Should().HaveCountGreaterThan(2);
        return _rotated.Id;
    }
}
