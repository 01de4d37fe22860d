using System.Runtime.CompilerServices;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Docker Engine through its socket. Docker.DotNet speaks for us where its types lose nothing; where they would
/// (inspect's fields), or would hold a million changes in memory (diff), or drop a log message's bounds, we read the
/// daemon's own bytes. /archive (docker cp) is never used: it has had path races; /export has none.</summary>
internal sealed class DockerRuntime : IContainerRuntime, IRuntimeExport
{
    private readonly HttpClient _http;
    private readonly DockerClient _docker;
    private readonly LayerDirectories _layers;

    public DockerRuntime(DockerOptions options, TimeProvider clock, ILogger logger)
    {
        _layers = new LayerDirectories(options.Layout);
        var transport = DockerTransport.Create(options, clock, logger);
        var address = new Uri("http://docker/");
        _http = new HttpClient(transport) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        var configuration = new DockerClientConfiguration(
            address, new TransportCredentials(transport), defaultTimeout: Timeout.InfiniteTimeSpan);
        _docker = configuration.CreateClient();
    }

    public string Name => "docker";

    public IRuntimeExport Export => this;

    public async Task<RuntimeIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var version = await _docker.System.GetVersionAsync(cancellationToken);
        var info = await _docker.System.GetSystemInfoAsync(cancellationToken);
        return new RuntimeIdentity
        {
            Name = Name,
            Version = version.Version,
            ApiVersion = version.APIVersion,
            OperatingSystem = info.OperatingSystem,
            Kernel = version.KernelVersion,
            StorageDriver = info.Driver,
        };
    }

    public async Task<IReadOnlyList<HeldContainer>> ListPodAsync(string podUid, CancellationToken cancellationToken)
    {
        var ofPod = new Dictionary<string, bool> { [$"{KubernetesLabels.PodUid}={podUid}"] = true };
        var found = await _docker.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = ofPod },
            },
            cancellationToken);
        return found.Select(container => new HeldContainer(
            container.ID,
            container.Labels?.TryGetValue(KubernetesLabels.ContainerName, out var name) == true ? name : null,
            container.Labels?.TryGetValue(KubernetesLabels.DockerType, out var type) == true && type == KubernetesLabels.SandboxType,
            container.Image,
            container.ImageID)).ToList();
    }

    public async Task<InspectedContainer> InspectAsync(string id, CancellationToken cancellationToken)
    {
        var json = await _http.GetByteArrayAsync(PathOf(id, "json"), cancellationToken);
        try
        {
            return DockerInspect.Parse(json);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RuntimeException(Reasons.RuntimeFailed, "The Docker daemon described the container in a form that we do not know.", e);
        }
    }

    public async IAsyncEnumerable<FileChange> DiffAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await _http.GetStreamAsync(PathOf(id, "changes"), cancellationToken);
        await foreach (var change in DockerChanges.ReadAsync(stream, cancellationToken)) yield return change;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogsAsync(
        InspectedContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (container.LogDriver == "none")
            throw new RuntimeException(Reasons.LogsUnavailable, "The container's log driver is 'none': no log was ever written.");

        await using var stream = await OpenLogsAsync(container.Id, cancellationToken);
        await foreach (var lines in DockerLogs.ToCriAsync(stream, container.HasTerminal, cancellationToken)) yield return lines;
    }

    // Of the logs only: any other refusal may quote a name in the container, which may say anything.
    private async Task<Stream> OpenLogsAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetStreamAsync(PathOf(id, "logs?stdout=1&stderr=1&timestamps=1"), cancellationToken);
        }
        catch (RuntimeException e) when (e.Answer is var (status, said) && DockerLogs.CannotBeRead(status, said))
        {
            throw new RuntimeException(Reasons.LogsUnavailable, $"The container's log driver cannot be read: {said}", e);
        }
    }

    public async Task<ReadOnlyMemory<byte>> ReadHistoryAsync(InspectedContainer container, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetByteArrayAsync(new Uri($"images/{Uri.EscapeDataString(container.ImageId ?? "")}/history", UriKind.Relative), cancellationToken);
        }
        catch (RuntimeException e) when (e.Reason == Reasons.ContainerGone)
        {
            throw new RuntimeException(Reasons.ImageGone, "Docker holds the container's image no more.", e);
        }
    }

    public Task<RootLocation> LocateRootAsync(InspectedContainer container, CancellationToken cancellationToken) =>
        Task.FromResult(DockerRoot.Locate(container.Json, _layers));

    public Task<Stream> OpenAsync(string id, CancellationToken cancellationToken) =>
        _docker.Containers.ExportContainerAsync(id, cancellationToken);

    public void Dispose()
    {
        _docker.Dispose();
        _http.Dispose();
    }

    private static Uri PathOf(string id, string rest) => new($"containers/{Uri.EscapeDataString(id)}/{rest}", UriKind.Relative);

    /// <summary>The one seam by which Docker.DotNet takes a transport from outside.</summary>
    private sealed class TransportCredentials(HttpMessageHandler transport) : Credentials
    {
        public override bool IsTlsCredentials() => false;

        public override HttpMessageHandler GetHandler(HttpMessageHandler innerHandler)
        {
            innerHandler.Dispose();
            return transport;
        }
    }
}
