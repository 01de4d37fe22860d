using System.Text.Json;

namespace Forensics.Local;

/// <summary>
/// The one-machine cluster: control plane, a node on Docker, a node on containerd, and an S3 server. Everything is
/// real, listens on loopback only, and lives in one folder. The handle is the same for tasks, which bring the cluster
/// up and down, and for tests, which use it and stop single parts of it.
/// </summary>
internal sealed class LocalCluster
{
    // It takes under half a minute from nothing on two cores; a slow machine may take its time.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(15);

    private readonly LocalPaths _paths;
    private readonly TimeProvider _time;
    private readonly KubernetesFiles _files;

    public LocalCluster(LocalPaths paths, TimeProvider time)
    {
        _paths = paths;
        _time = time;
        _files = new KubernetesFiles(paths, time);
        Docker = new DockerEngine(paths);
        Containerd = new ContainerdEngine(paths);
        ControlPlane = new ControlPlane(paths, _files, time);
        DockerNode = new LocalNode(
            LocalNodes.Docker, paths, time, (Docker.CommandLine, Docker.IsHealthyAsync),
            new Kubelet(
                paths, _files, LocalNodes.Docker,
                ["--container-runtime=docker", $"--docker-endpoint=unix://{Docker.Socket}"],
                port: 10250, healthPort: 10248),
            Docker.ExecRoot);
        ContainerdNode = new LocalNode(
            LocalNodes.Containerd, paths, time, (Containerd.CommandLine, Containerd.IsHealthyAsync),
            new Kubelet(
                paths, _files, LocalNodes.Containerd,
                ["--container-runtime=remote", $"--container-runtime-endpoint=unix://{Containerd.Socket}"],
                port: 10350, healthPort: 10348),
            Containerd.StateFolder);
        ObjectStore = new ObjectStore(paths, time);
    }

    public DockerEngine Docker { get; }

    public ContainerdEngine Containerd { get; }

    public ControlPlane ControlPlane { get; }

    public LocalNode DockerNode { get; }

    public LocalNode ContainerdNode { get; }

    public ObjectStore ObjectStore { get; }

    /// <summary>Puts images into both runtimes.</summary>
    public ImageStore Images => new(Docker, Containerd);

    /// <summary>Every process of the cluster, in the order in which they depend on each other.</summary>
    public IReadOnlyList<Daemon> Daemons =>
    [
        ControlPlane.Etcd, ControlPlane.ApiServer, ControlPlane.ControllerManager, ControlPlane.Scheduler,
        DockerNode.Runtime, DockerNode.Kubelet, ContainerdNode.Runtime, ContainerdNode.Kubelet,
        ObjectStore.Monitor, ObjectStore.Osd, ObjectStore.Gateway,
    ];

    /// <summary>Whether any of it runs, in whatever state.</summary>
    public bool IsUp => Daemons.Any(daemon => daemon.IsRunning);

    /// <summary>Where everything is. Readable while the cluster is up.</summary>
    /// <exception cref="LocalClusterException">It has not been brought up.</exception>
    public ClusterDescriptor Descriptor => File.Exists(_paths.Descriptor)
        ? JsonSerializer.Deserialize(File.ReadAllText(_paths.Descriptor), LocalJson.Default.ClusterDescriptor)!
        : throw new LocalClusterException("The local cluster is not up. Run: dotnet run build.cs cluster up");

    /// <summary>Where the two nodes keep what others have in the folders of their distribution: the controller's <c>--node-paths</c>.</summary>
    public string NodePaths => string.Join(
        ',',
        $"docker.socket={Docker.Socket}",
        $"docker.root={Docker.DataRoot}",
        $"docker.kubelet={Kubelet.RootOf(_paths, LocalNodes.Docker)}",
        $"containerd.socket={Containerd.Socket}",
        $"containerd.root={Containerd.Root}",
        $"containerd.state={Containerd.StateFolder}",
        $"containerd.kubelet={Kubelet.RootOf(_paths, LocalNodes.Containerd)}");

    /// <summary>The cluster that the environment names.</summary>
    public static LocalCluster FromEnvironment() => new(LocalPaths.FromEnvironment(), TimeProvider.System);

    /// <summary>
    /// Makes what is missing and starts what does not run; if all is well it only looks. What a killed run or a
    /// reboot has left is taken up from there.
    /// </summary>
    /// <param name="meanwhile">What is to be done at the same time: with the Debian packages installed, the cluster not yet up.</param>
    public async Task UpAsync(Progress progress, CancellationToken cancellation, Func<CancellationToken, Task>? meanwhile = null)
    {
        Prerequisites.Check(_paths);
        using var turn = await ClusterLock.TakeAsync(_paths, progress, cancellation);
        await RefuseStrangersAsync(cancellation);
        await InstallPackagesAsync(progress, cancellation);
        await SideBySide.RunAsync(
            cancellation, token => MakeAndStartAsync(progress, token), token => meanwhile?.Invoke(token) ?? Task.CompletedTask);
    }

    /// <summary>Makes only what is kept in the cache: packages, Kubernetes, kubectl, what only tests use. Starts nothing.</summary>
    public async Task PrepareAsync(Progress progress, CancellationToken cancellation)
    {
        Prerequisites.Check(_paths);
        using var turn = await ClusterLock.TakeAsync(_paths, progress, cancellation);
        await InstallPackagesAsync(progress, cancellation);
        await MakeProgramsAsync(progress, cancellation);
        await new TestPrograms(_paths).EnsureAsync(AptLists.OfThisRelease(_paths), progress, cancellation);
        progress.Say($"Cluster: all that it needs is in {_paths.Cache}");
    }

    /// <summary>Stops everything. With <paramref name="purge"/> it also deletes the state; the cache always stays.</summary>
    public async Task DownAsync(Progress progress, bool purge, CancellationToken cancellation)
    {
        using var turn = await ClusterLock.TakeAsync(_paths, progress, cancellation);
        File.Delete(_paths.Descriptor);
        await Task.WhenAll(
            ObjectStore.DownAsync(cancellation),
            DockerNode.DownAsync(cancellation),
            ContainerdNode.DownAsync(cancellation),
            ControlPlane.DownAsync(cancellation));
        if (purge && Directory.Exists(_paths.State)) Directory.Delete(_paths.State, recursive: true);
        progress.Say(purge ? "Cluster: down, its state deleted" : "Cluster: down");
    }

    /// <summary>kubectl with administrator's rights.</summary>
    public CommandLine Kubectl(params IReadOnlyList<string> arguments) =>
        new(
            new Kubectl(_paths).Program,
            // Its cache of what a server serves goes by the server's address, which the next cluster here will have too.
            ["--kubeconfig", _files.AdminKubeconfig, "--cache-dir", _paths.RunOf("kubectl-cache"), .. arguments]);

    private async Task RefuseStrangersAsync(CancellationToken cancellation)
    {
        if (!IsUp && await HealthProbe.TcpAsync(LoopbackNetwork.ApiServerPort, cancellation))
            throw new LocalClusterException(
                $"Something else listens on {LoopbackNetwork.Address}:{LoopbackNetwork.ApiServerPort}, perhaps a local cluster with "
                + $"another {LocalPaths.HomeVariable}. Stop it first.");
    }

    private async Task MakeAndStartAsync(Progress progress, CancellationToken cancellation)
    {
        await MakeProgramsAsync(progress, cancellation);
        _paths.PrepareState();
        _files.Ensure();
        progress.Say("Cluster: starting what does not run yet");
        await StartAsync(progress, cancellation);
        WriteDescriptor();
        progress.Say("Cluster: up");
    }

    private async Task StartAsync(Progress progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        try
        {
            await Task.WhenAll(ObjectStore.UpAsync(progress, limit.Token), KubernetesUpAsync(progress, limit.Token));
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new LocalClusterException(
                $"The cluster did not come up within {StartLimit.TotalMinutes} minutes. Logs are in {_paths.Logs}. "
                + "If they do not help: dotnet run build.cs cluster down --purge, and up again.", exception);
        }
    }

    /// <summary>Also what building Kubernetes takes, while nothing runs beside it whose failure would break off dpkg.</summary>
    private Task InstallPackagesAsync(Progress progress, CancellationToken cancellation) => Packages.EnsureAsync(
        [.. Packages.ForRunning, .. new KubernetesBuild(_paths).IsMade ? [] : Packages.ForBuilding],
        AptLists.OfThisRelease(_paths), progress, cancellation);

    private async Task MakeProgramsAsync(Progress progress, CancellationToken cancellation)
    {
        await new KubernetesBuild(_paths).EnsureAsync(AptLists.OfThisRelease(_paths), progress, cancellation);
        await new Kubectl(_paths).EnsureAsync(progress, cancellation);
    }

    private async Task KubernetesUpAsync(Progress progress, CancellationToken cancellation)
    {
        var images = new StockImages(_paths, Images);
        await Task.WhenAll(
            ControlPlane.UpAsync(progress, cancellation),
            RuntimesUpAsync());
        await Task.WhenAll(DockerNode.KubeletUpAsync(progress, cancellation), ContainerdNode.KubeletUpAsync(progress, cancellation));
        await WaitUntilReadyAsync(progress, cancellation);

        async Task RuntimesUpAsync()
        {
            await Task.WhenAll(
                DockerNode.RuntimeUpAsync(progress, cancellation),
                ContainerdNode.RuntimeUpAsync(progress, cancellation));
            await images.EnsureAsync(progress, cancellation);
        }
    }

    private async Task WaitUntilReadyAsync(Progress progress, CancellationToken cancellation)
    {
        var ready = await Deadline.WaitAsync(
            async token => (await Command.TryAsync(Kubectl("get", "nodes", LocalNodes.Docker, LocalNodes.Containerd, "-o", "jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}"), token))
                .Output.Trim() == "True True",
            TimeSpan.FromMinutes(5), _time, cancellation);
        if (!ready)
        {
            var nodes = await Command.TryAsync(Kubectl("describe", "nodes"), cancellation);
            throw new LocalClusterException($"The nodes did not become Ready. Logs are in {_paths.Logs}. kubectl says:\n{Command.Tail(nodes.Output, 60)}");
        }

        progress.Say($"Nodes: {LocalNodes.Docker} and {LocalNodes.Containerd} are Ready");
    }

    private void WriteDescriptor() => PrivateFile.Write(
        _paths.Descriptor, JsonSerializer.Serialize(Describe(), LocalJson.Default.ClusterDescriptor));

    private ClusterDescriptor Describe() => new()
    {
        ApiUrl = new Uri(LoopbackNetwork.ApiServerUrl),
        Kubeconfig = _files.AdminKubeconfig,
        Kubectl = new Kubectl(_paths).Program,
        DockerNode = LocalNodes.Docker,
        DockerSocket = Docker.Socket,
        DockerDataRoot = Docker.DataRoot,
        DockerClient = DockerEngine.Client,
        DockerPodLogs = DockerNode.PodLogs,
        ContainerdNode = LocalNodes.Containerd,
        ContainerdSocket = Containerd.Socket,
        ContainerdRoot = Containerd.Root,
        ContainerdPodLogs = ContainerdNode.PodLogs,
        S3Endpoint = new Uri(LoopbackNetwork.ObjectStoreUrl),
        S3Region = ObjectStoreUsers.Region,
        S3Bucket = ObjectStoreUsers.Bucket,
        S3Keys = new ObjectStoreUsers(_paths, new CephConfiguration(_paths)).Keys(),
    };
}
