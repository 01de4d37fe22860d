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

    protected override bool Exports => false;

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

    protected override Task KillAsync(string id) => TasksAsync("kill", "--signal", "SIGKILL", id);

    // The kubelet rotates what has passed 10 MiB; the container goes on writing, some of it into the new file.
    protected override async Task<string> RunWithRotatedLogAsync()
    {
        const string script = "n=250000; seq 1 $n; while true; do n=$((n + 1)); echo $n; sleep 0.2; done";
        await Scenario.RunPodAsync(new TargetPod("rotated") { Node = Node, Containers = [("main", $"trap exit TERM; {script}")] });
        var id = await Scenario.ContainerIdAsync("rotated");
        var status = await Runtime.InspectAsync(id, CancellationToken.None);
        var log = status.LogPath.Replace("/var/log/pods", RealCluster.Descriptor.ContainerdPodLogs, StringComparison.Ordinal);
        await RealCluster.EventuallyAsync(
            "its log is rotated and goes on",
            RealCluster.Patience,
            () => Task.FromResult(Directory.GetFiles(Path.GetDirectoryName(log)!).Select(file => new FileInfo(file)).Where(file => file.Length > 0).Select(file => file.Name).ToList()),
            files => files.Count > 1 && files.Contains(Path.GetFileName(log)));
        return id;
    }

    private static Task<string> TasksAsync(params string[] words) =>
        Command.RunAsync(RealCluster.Local.Containerd.Run(["tasks", .. words]), CancellationToken.None);
}
