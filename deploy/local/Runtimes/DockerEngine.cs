namespace Forensics.Local;

/// <summary>Docker Engine with folders, socket and cgroup of its own, and no network of its own.</summary>
internal sealed class DockerEngine(LocalPaths paths)
{
    public const string Client = "/usr/bin/docker";

    public string Socket => Path.Combine(paths.RunOf("docker"), "docker.sock");

    /// <summary>Images, layers and containers.</summary>
    public string DataRoot => paths.StateOf("docker", "data");

    /// <summary>Sockets and process ids, of Docker's own containerd too.</summary>
    public string ExecRoot => paths.RunOf("docker");

    public CommandLine CommandLine() => new(
        "/usr/sbin/dockerd",
        [
            $"--host=unix://{Socket}",
            $"--data-root={DataRoot}",
            $"--exec-root={ExecRoot}",
            $"--pidfile={FreshPidFile()}",
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
        new CommandLine(Client, ["--host", $"unix://{Socket}", "--config", paths.StateOf("docker", "client"), .. arguments])
            .With("DOCKER_BUILDKIT", "0");

    /// <summary>One left by a crash would stop it, if another process has that number by now. So would its containerd's, which
    /// died with it and may still wait, as a zombie, to be reaped.</summary>
    private string FreshPidFile()
    {
        var file = Path.Combine(Directory.CreateDirectory(ExecRoot).FullName, "docker.pid");
        File.Delete(file);
        File.Delete(Path.Combine(Directory.CreateDirectory(Path.Combine(ExecRoot, "containerd")).FullName, "containerd.pid"));
        return file;
    }

    private string EmptyConfiguration()
    {
        var file = Path.Combine(Directory.CreateDirectory(paths.StateOf("docker")).FullName, "daemon.json");
        File.WriteAllText(file, "{}");
        return file;
    }
}
