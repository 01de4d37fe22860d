using Forensics.Agent.Runtimes.Cri;
using Forensics.Agent.Runtimes.Docker;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Runtimes;

/// <summary>The runtimes that there are, by the scheme of their container ids.</summary>
internal static class ContainerRuntimes
{
    public const string Docker = "docker";
    private const string Containerd = "containerd";
    private const string CriO = "cri-o";

    public static IReadOnlyList<string> Names { get; } = [Docker, Containerd, CriO];

    /// <summary>Where each installs its socket.</summary>
    public static string SocketOf(string name) => name switch
    {
        Docker => "/var/run/docker.sock",
        Containerd => "/run/containerd/containerd.sock",
        _ => "/var/run/crio/crio.sock",
    };

    public static IContainerRuntime Open(RuntimeOptions options, TimeProvider clock, ILogger logger) => options.Name == Docker
        ? new DockerRuntime(
            new DockerOptions { Socket = options.Socket, Layout = options.Layout, StallTime = options.StallTime }, clock, logger)
        : new CriRuntime(
            new CriOptions { Name = options.Name, Socket = options.Socket, Layout = options.Layout, StallTime = options.StallTime }, clock, logger);
}
