using System.Net.Sockets;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A container on the Docker node with no pod around it, as on a plain Docker host; gone when the test ends.</summary>
internal sealed class DockerContainer : IAsyncDisposable
{
    private const string Ready = "the container is ready";

    private DockerContainer(string name, string id)
    {
        Name = name;
        Id = id;
    }

    public string Name { get; }

    /// <summary>All 64 digits.</summary>
    public string Id { get; }

    /// <summary>Runs the script, then waits; comes back when the script has ended and the container still runs.</summary>
    public static async Task<DockerContainer> RunAsync(string script)
    {
        var container = await StartAsync($"{script}; echo {Ready}; {TargetPod.Forever}");
        await RealCluster.EventuallyAsync(
            "the container is ready",
            TimeSpan.FromMinutes(3),
            () => RealCluster.DockerAsync("logs", container.Name),
            logs => logs.Contains(Ready, StringComparison.Ordinal));
        return container;
    }

    /// <summary>Runs the script to its end; comes back when the container has stopped.</summary>
    /// <param name="options">Of docker run.</param>
    public static async Task<DockerContainer> RunToEndAsync(string script, params string[] options)
    {
        var container = await StartAsync(script, options);
        await RealCluster.DockerAsync("wait", container.Name);
        return container;
    }

    /// <summary>A socket made where a process of the running container would make it, by way of its root in /proc.</summary>
    public async Task<Socket> ListenAsync(string path)
    {
        var process = (await RealCluster.DockerAsync("inspect", "--format", "{{.State.Pid}}", Id)).Trim();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"/proc/{process}/root{path}"));
        return socket;
    }

    public async ValueTask DisposeAsync() => await Command.TryAsync(RealCluster.Local.Docker.Run("rm", "--force", Name), CancellationToken.None);

    private static async Task<DockerContainer> StartAsync(string script, params string[] options)
    {
        var name = $"agent-test-{Guid.NewGuid():N}"[..20];
        var id = await RealCluster.DockerAsync(
            ["run", "--detach", "--name", name, "--network", "none", .. options, LocalImages.Busybox, "/bin/sh", "-c", script]);
        return new DockerContainer(name, id.Trim());
    }
}
