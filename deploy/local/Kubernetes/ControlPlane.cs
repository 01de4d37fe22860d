namespace Forensics.Local;

/// <summary>etcd, the API server, the controller manager and the scheduler.</summary>
internal sealed class ControlPlane
{
    /// <summary>
    /// On in both: ephemeral containers are a kind of container that a capture must not miss (alpha in 1.20), and Jobs
    /// with a TTL are what clusters of today have.
    /// </summary>
    public const string FeatureGates = "--feature-gates=EphemeralContainers=true,TTLAfterFinished=true";

    private readonly LocalPaths _paths;
    private readonly KubernetesFiles _files;

    public ControlPlane(LocalPaths paths, KubernetesFiles files, TimeProvider time)
    {
        _paths = paths;
        _files = files;
        Etcd = new Daemon("etcd", paths, time, EtcdCommand, token => HealthProbe.HttpAsync(new Uri(LoopbackNetwork.EtcdUrl + "/health"), token));
        ApiServer = new Daemon("kube-apiserver", paths, time, () => With(ApiServerCommand(), MoreApiServerFlags), ApiServerReadyAsync);
        ControllerManager = new Daemon(
            "kube-controller-manager", paths, time, () => With(ControllerManagerCommand(), MoreControllerManagerFlags), token => HealthyAsync(LoopbackNetwork.ControllerManagerPort, token));
        Scheduler = new Daemon(
            "kube-scheduler", paths, time, SchedulerCommand, token => HealthyAsync(LoopbackNetwork.SchedulerPort, token));
    }

    /// <summary>Put last, where they win. To be set before it is brought up.</summary>
    public IReadOnlyList<string> MoreApiServerFlags { get; init; } = [];

    /// <inheritdoc cref="MoreApiServerFlags"/>
    public IReadOnlyList<string> MoreControllerManagerFlags { get; init; } = [];

    public Daemon Etcd { get; }

    public Daemon ApiServer { get; }

    public Daemon ControllerManager { get; }

    public Daemon Scheduler { get; }

    public async Task UpAsync(Progress progress, CancellationToken cancellation)
    {
        await Etcd.StartAsync(cancellation);
        if (await ApiServer.StartAsync(cancellation)) progress.Say($"API server: ready at {LoopbackNetwork.ApiServerUrl}");
        await Task.WhenAll(ControllerManager.StartAsync(cancellation), Scheduler.StartAsync(cancellation));
    }

    public async Task DownAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(ControllerManager.StopAsync(cancellation), Scheduler.StopAsync(cancellation));
        await ApiServer.StopAsync(cancellation);
        await Etcd.StopAsync(cancellation);
    }

    private Task<bool> ApiServerReadyAsync(CancellationToken cancellation) =>
        HealthProbe.HttpsAsync(new Uri(LoopbackNetwork.ApiServerUrl + "/readyz"), _files.Authority.CertificateFile, cancellation);

    private Task<bool> HealthyAsync(int port, CancellationToken cancellation) =>
        HealthProbe.HttpsAsync(
            new Uri($"https://{LoopbackNetwork.Address}:{port}/healthz"), _files.Authority.CertificateFile, cancellation);

    private static CommandLine With(CommandLine command, IReadOnlyList<string> more) => command with { Arguments = [.. command.Arguments, .. more] };

    private CommandLine EtcdCommand() => new(
        "/usr/bin/etcd",
        "--name=local",
        $"--data-dir={_paths.StateOf("etcd")}",
        $"--listen-client-urls={LoopbackNetwork.EtcdUrl}",
        $"--advertise-client-urls={LoopbackNetwork.EtcdUrl}",
        $"--listen-peer-urls={LoopbackNetwork.EtcdPeerUrl}",
        $"--initial-advertise-peer-urls={LoopbackNetwork.EtcdPeerUrl}",
        $"--initial-cluster=local={LoopbackNetwork.EtcdPeerUrl}",
        // Its state may be lost with the machine: it is made for tests.
        "--unsafe-no-fsync");

    /// <summary>
    /// In a mount namespace of its own, where /etc/hosts has the nodes' names: it finds kubelets by name, and the
    /// machine's own file stays untouched.
    /// </summary>
    private CommandLine ApiServerCommand()
    {
        var hosts = Path.Combine(_paths.StateOf("kubernetes"), "hosts");
        File.WriteAllText(hosts, $"127.0.0.1 localhost\n{LoopbackNetwork.Address} {LocalNodes.Docker} {LocalNodes.Containerd}\n");
        return new CommandLine(
            "/usr/bin/unshare",
            "--mount", "/bin/sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\"", hosts,
            _files.Program("kube-apiserver"),
            $"--bind-address={LoopbackNetwork.Address}",
            $"--secure-port={LoopbackNetwork.ApiServerPort}",
            $"--advertise-address={LoopbackNetwork.Address}",
            $"--service-cluster-ip-range={LoopbackNetwork.ServiceRange}",
            $"--etcd-servers={LoopbackNetwork.EtcdUrl}",
            $"--client-ca-file={_files.Authority.CertificateFile}",
            $"--tls-cert-file={_files.Authority.CertificateOf("kube-apiserver")}",
            $"--tls-private-key-file={_files.Authority.KeyOf("kube-apiserver")}",
            $"--kubelet-certificate-authority={_files.Authority.CertificateFile}",
            $"--kubelet-client-certificate={_files.Authority.CertificateOf("kubelet-client")}",
            $"--kubelet-client-key={_files.Authority.KeyOf("kubelet-client")}",
            "--kubelet-preferred-address-types=Hostname",
            $"--service-account-issuer={LoopbackNetwork.ApiServerUrl}",
            $"--service-account-key-file={_files.Authority.KeyOf("service-accounts")}",
            $"--service-account-signing-key-file={_files.Authority.KeyOf("service-accounts")}",
            // No Endpoints for its own Service: nothing here reads them, and they refuse a loopback address.
            "--endpoint-reconciler-type=none",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged",
            FeatureGates);
    }

    private CommandLine ControllerManagerCommand() => new(
        _files.Program("kube-controller-manager"),
        [
            .. ServingAs("kube-controller-manager", LoopbackNetwork.ControllerManagerPort),
            $"--root-ca-file={_files.Authority.CertificateFile}",
            $"--service-account-private-key-file={_files.Authority.KeyOf("service-accounts")}",
            "--use-service-account-credentials",
        ]);

    private CommandLine SchedulerCommand() => new(
        _files.Program("kube-scheduler"), [.. ServingAs("kube-scheduler", LoopbackNetwork.SchedulerPort)]);

    private IEnumerable<string> ServingAs(string name, int port) =>
    [
        $"--kubeconfig={_files.KubeconfigOf(name)}",
        $"--bind-address={LoopbackNetwork.Address}",
        $"--secure-port={port}",
        "--port=0",
        $"--tls-cert-file={_files.Authority.CertificateOf(name)}",
        $"--tls-private-key-file={_files.Authority.KeyOf(name)}",
        "--leader-elect=false",
        FeatureGates,
    ];
}
