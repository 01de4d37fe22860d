namespace Forensics.Local;

/// <summary>containerd with its CRI plugin, with folders and socket of its own.</summary>
internal sealed class ContainerdEngine(LocalPaths paths)
{
    public const string Client = "/usr/bin/ctr";

    /// <summary>The containerd namespace that the kubelet's containers and images are in.</summary>
    public const string KubernetesNamespace = "k8s.io";

    public string Socket => Path.Combine(StateFolder, "containerd.sock");

    /// <summary>Images, snapshots and containers.</summary>
    public string Root => paths.StateOf("containerd", "root");

    public string StateFolder => paths.RunOf("containerd");

    public CommandLine CommandLine()
    {
        Directory.CreateDirectory(NetworkFolder);
        WriteNetworkConfiguration();
        var file = Path.Combine(paths.StateOf("containerd"), "config.toml");
        File.WriteAllText(file, Configuration());
        return new CommandLine("/usr/bin/containerd", "--config", file);
    }

    public async Task<bool> IsHealthyAsync(CancellationToken cancellation) =>
        File.Exists(Socket) && (await Command.TryAsync(Run("version"), cancellation)).ExitCode == 0;

    /// <summary>ctr, pointed at this containerd and the kubelet's namespace.</summary>
    public CommandLine Run(params IReadOnlyList<string> arguments) =>
        new(Client, ["--address", Socket, "--namespace", KubernetesNamespace, .. arguments]);

    private string NetworkFolder => paths.StateOf("containerd", "cni");

    /// <summary>
    /// A node without any network configuration never becomes Ready. This one is never carried out: every pod here
    /// has host networking, and one that has not fails for want of a plugin.
    /// </summary>
    private void WriteNetworkConfiguration() => File.WriteAllText(
        Path.Combine(NetworkFolder, "10-none.conflist"),
        """{ "cniVersion": "0.3.1", "name": "none", "plugins": [ { "type": "none" } ] }""");

    private string Configuration() => $"""
        version = 2
        root = "{Root}"
        state = "{StateFolder}"
        oom_score = 0
        disabled_plugins = [
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
        ]

        [grpc]
          address = "{Socket}"

        [plugins."io.containerd.internal.v1.opt"]
          path = "{paths.StateOf("containerd", "opt")}"

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "docker.io/library/{LocalImages.Pause}"
          restrict_oom_score_adj = {(RuncWithoutOomScore.IsNeeded ? "true" : "false")}
          stream_server_address = "{LoopbackNetwork.Address}"

          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "{NetworkFolder}"
            conf_dir = "{NetworkFolder}"

          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"

        """;
}
