using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>containerd and CRI-O by the Container Runtime Interface, which is all that a kubelet has too. It has no export and no
/// diff: what they would hold is read from the layers.</summary>
internal sealed class CriRuntime : IContainerRuntime
{
    private readonly GrpcSocket _socket;
    private readonly CriClient _client;
    private readonly CriRoots _roots;
    private readonly CriLogs _logs;

    public CriRuntime(CriOptions options, TimeProvider clock, ILogger logger)
    {
        Name = options.Name;
        _socket = new GrpcSocket(options, clock, logger);
        _client = new CriClient(_socket);
        _roots = new CriRoots(_client, options.Layout);
        _logs = new CriLogs(options.Layout);
    }

    public string Name { get; }

    public IRuntimeExport? Export => null;

    public async Task<RuntimeIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var version = await _client.VersionAsync(cancellationToken);
        var status = await _client.StatusAsync(cancellationToken);
        return new RuntimeIdentity
        {
            Name = version.RuntimeName,
            Version = version.RuntimeVersion,
            ApiVersion = version.RuntimeApiVersion,
            StorageDriver = CriConfiguration.StorageDriverIn(status.Info),
        };
    }

    public async Task<IReadOnlyList<HeldContainer>> ListPodAsync(string podUid, CancellationToken cancellationToken)
    {
        var sandboxes = await _client.ListSandboxesAsync(podUid, cancellationToken);
        var containers = await _client.ListContainersAsync(podUid, cancellationToken);
        return
        [
            .. containers.Containers.Select(container => new HeldContainer(
                container.Id, container.Metadata?.Name, IsSandbox: false, container.Image?.Image, container.ImageRef)),
            .. sandboxes.Items.Select(sandbox => new HeldContainer(sandbox.Id, null, IsSandbox: true, null, null)),
        ];
    }

    public async Task<InspectedContainer> InspectAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var container = await _client.ContainerStatusAsync(id, cancellationToken);
            if (container.Status is not null) return CriInspect.OfContainer(container.Status, container.Info);
        }
        catch (RuntimeException e) when (e.Reason == Reasons.ContainerGone)
        {
            // It may be a sandbox: the CRI asks for those by another call.
            var sandbox = await _client.SandboxStatusAsync(id, cancellationToken);
            if (sandbox.Status is not null) return CriInspect.OfSandbox(sandbox.Status, sandbox.Info);
        }

        throw new RuntimeException(Reasons.RuntimeFailed, "The container runtime described the container with an empty answer.");
    }

    public async Task<ReadOnlyMemory<byte>> ReadHistoryAsync(InspectedContainer container, CancellationToken cancellationToken)
    {
        var image = await _client.ImageStatusAsync(container.ImageId ?? container.Image ?? "", cancellationToken);
        return image.Image is null
            ? throw new RuntimeException(Reasons.ImageGone, "The runtime holds the container's image no more.")
            : CriHistory.In(image.Info) ?? throw new RuntimeException(Reasons.ImageGone, "The runtime's verbose status of the image has no history.");
    }

    public Task<RootLocation> LocateRootAsync(InspectedContainer container, CancellationToken cancellationToken) =>
        _roots.LocateAsync(CriInfo.Of(container.Json), cancellationToken);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogsAsync(InspectedContainer container, CancellationToken cancellationToken) =>
        container.IsSandbox
            ? throw new RuntimeException(Reasons.LogsUnavailable, "A pod's sandbox writes no log.")
            : _logs.ReadAsync(container.LogPath, cancellationToken);

    public void Dispose() => _socket.Dispose();
}
