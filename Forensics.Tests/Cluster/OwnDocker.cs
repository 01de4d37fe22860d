using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A Docker daemon of a test's own, with folders and a socket of its own: what is done to it harms no node of the cluster.</summary>
internal sealed class OwnDocker : IAsyncDisposable
{
    private readonly LocalPaths _paths;
    private readonly DockerEngine _engine;

    private OwnDocker(LocalPaths paths)
    {
        _paths = paths;
        _engine = new DockerEngine(paths);
        Daemon = new Daemon("own-docker", paths, TimeProvider.System, () => Apart(_engine.CommandLine()), _engine.IsHealthyAsync);
    }

    public Daemon Daemon { get; }

    public string Socket => _engine.Socket;

    public static async Task<OwnDocker> StartAsync()
    {
        var local = LocalPaths.FromEnvironment();
        var docker = new OwnDocker(local.Beside($"docker-{Guid.NewGuid():N}"[..15]));
        docker._paths.PrepareState();
        await docker.Daemon.StartAsync(CancellationToken.None);
        await new ImageStore(docker._engine, new ContainerdEngine(docker._paths)).MakeAsync(
            LocalImages.Busybox, local.Cached("image-busybox-1"), [], new Progress(TextWriter.Null, TimeProvider.System), CancellationToken.None);
        return docker;
    }

    /// <summary>Runs a script in a container, to its end.</summary>
    /// <returns>The container's id.</returns>
    public async Task<string> RunToEndAsync(string script)
    {
        var id = (await RunAsync("run", "--detach", "--network", "none", LocalImages.Busybox, "/bin/sh", "-c", script)).Trim();
        (await RunAsync("wait", id)).Trim().Should().Be("0");
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await Daemon.ResumeAsync();
        await Daemon.StopAsync(CancellationToken.None);
        await new RuntimeProcesses(_engine.ExecRoot).KillAllAsync(CancellationToken.None);
        Directory.Delete(_paths.State, recursive: true);
    }

    private Task<string> RunAsync(params string[] arguments) => Command.RunAsync(_engine.Run(arguments), CancellationToken.None);

    /// <summary>Among mounts of its own, which go with it also when it is killed.</summary>
    private static CommandLine Apart(CommandLine command) => command with
    {
        Program = "/usr/bin/unshare",
        Arguments = ["--mount", "--propagation", "private", "--", command.Program, .. command.Arguments],
    };
}
