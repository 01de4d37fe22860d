namespace Forensics.Local;

/// <summary>One node: its mount namespace, and in it a container runtime and a kubelet.</summary>
internal sealed class LocalNode
{
    private readonly NodeNamespace _namespace;
    private readonly RuntimeProcesses _leftovers;

    /// <param name="runtimeFolder">The runtime's folder of sockets.</param>
    public LocalNode(
        string name,
        LocalPaths paths,
        TimeProvider time,
        (Func<CommandLine> Command, Func<CancellationToken, Task<bool>> Healthy) runtime,
        Kubelet kubelet,
        string runtimeFolder)
    {
        Name = name;
        _leftovers = new RuntimeProcesses(runtimeFolder);
        _namespace = new NodeNamespace(name, paths, time);
        Runtime = new Daemon(name + "-runtime", paths, time, () => _namespace.Within(runtime.Command()), runtime.Healthy);
        Kubelet = new Daemon(name + "-kubelet", paths, time, () => _namespace.Within(kubelet.CommandLine()), kubelet.IsHealthyAsync);
    }

    public string Name { get; }

    public Daemon Runtime { get; }

    public Daemon Kubelet { get; }

    /// <summary>On the machine's side; the node sees it as /var/log/pods.</summary>
    public string PodLogs => _namespace.PodLogs;

    /// <summary>The same program, started within the node.</summary>
    public CommandLine Within(CommandLine command) => _namespace.Within(command);

    public async Task RuntimeUpAsync(Progress progress, CancellationToken cancellation)
    {
        if (!_namespace.Holder.IsRunning) await DownAsync(cancellation); // What still runs is in a namespace that is lost.
        await _namespace.Holder.StartAsync(cancellation);
        if (await Runtime.StartAsync(cancellation)) progress.Say($"{Name}: container runtime ready");
    }

    public async Task KubeletUpAsync(Progress progress, CancellationToken cancellation)
    {
        if (await Kubelet.StartAsync(cancellation)) progress.Say($"{Name}: kubelet ready");
    }

    public async Task DownAsync(CancellationToken cancellation)
    {
        await Kubelet.StopAsync(cancellation);
        await _leftovers.KillContainersAsync(cancellation);
        await Runtime.StopAsync(cancellation);
        await _leftovers.KillAllAsync(cancellation);
        await _namespace.Holder.StopAsync(cancellation);
    }
}
