using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Cri;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Runtimes.Cri;

internal sealed class ContainerdConformanceTests : ContainerRuntimeContract
{
    protected override string Node => RealCluster.Descriptor.ContainerdNode;

    protected override int MostLayers => 127;

    // The node has its own /var/log/pods; all else is where the machine has it.
    protected override IContainerRuntime Connect() => new CriRuntime(
        new CriOptions
        {
            Name = "containerd",
            Socket = RealCluster.Descriptor.ContainerdSocket,
            Layout = new HostLayout(
            [
                new HostMount("/var/log/pods", RealCluster.Descriptor.ContainerdPodLogs),
                new HostMount(RealCluster.Descriptor.ContainerdRoot, RealCluster.Descriptor.ContainerdRoot),
            ]),
        },
        TimeProvider.System,
        NullLogger.Instance);

    protected override CommandLine LoadImage(string archive) => RealCluster.Local.Containerd.Run("images", "import", archive);

    protected override Task PauseAsync(string id) => TasksAsync("pause", id);

    protected override Task ResumeAsync(string id) => TasksAsync("resume", id);

    private static Task<string> TasksAsync(string verb, string id) =>
        Command.RunAsync(RealCluster.Local.Containerd.Run("tasks", verb, id), CancellationToken.None);
}
