namespace Forensics.Local;

/// <summary>Docker Engine with folders, socket and cgroup of its own, and no network of its own.</summary>
internal sealed class DockerEngine(LocalPaths paths)
{
    public const string Client = "/usr/bin/docker";

    public string Socket => Path.Combine(paths.StateOf("docker"), "docker.sock");

    /// <summary>Images, layers and containers.</summary>
    public string DataRoot => paths.StateOf(Path.Combine("docker", "data"));

    public string ContainerdSocket => Path.Combine(ExecRoot, "containerd", "containerd.sock");

    private string ExecRoot => paths.StateOf(Path.Combine("docker", "exec"));

    public CommandLine CommandLine() => new(
        "/usr/sbin/dockerd",
        [
            $"--host=unix://{Socket}",
            $"--data-root={DataRoot}",
            $"--exec-root={ExecRoot}",
            $"--pidfile={Path.Combine(ExecRoot, "docker.pid")}",
            // Without this it would read the machine's own settings.
            $"--config-file={EmptyConfiguration()}",
            "--storage-driver=overlay2",
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--ip-forward=false",
            "--oom-score-adjust=0",
            "--exec-opt=native.cgroupdriver=cgroupfs",
            .. RuncWithoutOomScore.DockerArguments(paths),
        ]);

    public Task<bool> IsHealthyAsync(CancellationToken cancellation) =>
        HealthProbe.UnixHttpAsync(Socket, "/_ping", cancellation);

    /// <summary>The client, pointed at this engine.</summary>
    public CommandLine Run(params IReadOnlyList<string> arguments) =>
        // The old builder needs no network and no plugin; a folder of our own keeps the user's logins and contexts out.
        new CommandLine(Client, ["--host", $"unix://{Socket}", "--config", paths.StateOf(Path.Combine("docker", "client")), .. arguments])
            .With("DOCKER_BUILDKIT", "0");

    private string EmptyConfiguration()
    {
        var file = Path.Combine(paths.StateOf("docker"), "daemon.json");
        File.WriteAllText(file, "{}");
        return file;
    }
}
