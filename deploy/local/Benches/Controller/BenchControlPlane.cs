namespace Forensics.Local;

/// <summary>A control plane of a bench's own: etcd, API server and controller manager, empty at the start and gone at the end. No
/// scheduler and no kubelet: whoever benches plays them.</summary>
internal sealed class BenchControlPlane : IAsyncDisposable
{
    private readonly LocalPaths _paths;
    private readonly ControlPlane _plane;

    private BenchControlPlane(LocalPaths paths, TimeProvider time)
    {
        _paths = paths;
        Files = new KubernetesFiles(paths, time);
        _plane = new ControlPlane(paths, Files, time)
        {
            // Its own limits must not be what is measured.
            MoreApiServerFlags = ["--max-requests-inflight=3000", "--max-mutating-requests-inflight=1000"],
            // Jobs, pods and nodes are played by the bench.
            MoreControllerManagerFlags = ["--controllers=*,-job,-podgc,-nodelifecycle", "--kube-api-qps=500", "--kube-api-burst=1000"],
        };
    }

    public KubernetesFiles Files { get; }

    public static async Task<BenchControlPlane> StartAsync(LocalPaths paths, Progress progress, CancellationToken cancellation)
    {
        if (await HealthProbe.TcpAsync(LoopbackNetwork.ApiServerPort, cancellation))
            throw new LocalClusterException(
                $"The bench's own control plane needs {LoopbackNetwork.Address}, where a local cluster runs. Take that down first: dotnet run build.cs cluster down");

        await new LocalCluster(paths, progress.Time).PrepareAsync(progress, cancellation);
        var own = paths.Beside("bench");
        if (Directory.Exists(own.State)) Directory.Delete(own.State, recursive: true);
        own.PrepareState();
        var started = new BenchControlPlane(own, progress.Time);
        started.Files.Ensure();
        try
        {
            await started._plane.Etcd.StartAsync(cancellation);
            await started._plane.ApiServer.StartAsync(cancellation);
            await started._plane.ControllerManager.StartAsync(cancellation);
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        return started;
    }

    /// <summary>A new folder, gone with the control plane.</summary>
    public string FolderOf(string name) => Directory.CreateDirectory(_paths.StateOf(name)).FullName;

    public string LogOf(string name) => Path.Combine(_paths.Logs, name + ".log");

    /// <summary>kubectl with administrator's rights.</summary>
    public Task<string> KubectlAsync(CancellationToken cancellation, params string[] arguments) => Command.RunAsync(
        new CommandLine(new Kubectl(_paths).Program, ["--kubeconfig", Files.AdminKubeconfig, "--cache-dir", _paths.RunOf("kubectl-cache"), .. arguments]),
        cancellation);

    public async ValueTask DisposeAsync()
    {
        await _plane.DownAsync(CancellationToken.None);
        Directory.Delete(_paths.State, recursive: true);
    }
}
