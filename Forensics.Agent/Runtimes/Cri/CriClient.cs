using Forensics.Agent.Runtimes.Cri.Protos;
using Forensics.Api;
using Google.Protobuf;
using Grpc.Core;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>The calls of the CRI that a capture makes, in whichever version the runtime speaks; and containerd's own for snapshots.</summary>
internal sealed class CriClient(GrpcSocket socket)
{
    // containerd 1.5 and CRI-O 1.22, and what is older, know the second one only. The messages are the same.
    private static readonly string[] Packages = ["runtime.v1", "runtime.v1alpha2"];

    private string? _package;

    public async Task<VersionResponse> VersionAsync(CancellationToken cancellationToken)
    {
        foreach (var package in Packages)
        {
            if (await socket.TryCallAsync<VersionRequest, VersionResponse>(
                $"{package}.RuntimeService", "Version", new VersionRequest(), cancellationToken) is not { } version) continue;
            _package = package;
            return version;
        }

        throw new RuntimeException(
            Reasons.RuntimeFailed, $"What answers at the socket speaks neither of {string.Join(", ", Packages)}: it is no container runtime with its CRI enabled.");
    }

    public Task<StatusResponse> StatusAsync(CancellationToken cancellationToken) =>
        CallAsync<StatusRequest, StatusResponse>("RuntimeService", "Status", new StatusRequest { Verbose = true }, cancellationToken);

    public Task<ListPodSandboxResponse> ListSandboxesAsync(string podUid, CancellationToken cancellationToken) =>
        CallAsync<ListPodSandboxRequest, ListPodSandboxResponse>(
            "RuntimeService",
            "ListPodSandbox",
            new ListPodSandboxRequest { Filter = new PodSandboxFilter { LabelSelector = { [KubernetesLabels.PodUid] = podUid } } },
            cancellationToken);

    public Task<ListContainersResponse> ListContainersAsync(string podUid, CancellationToken cancellationToken) =>
        CallAsync<ListContainersRequest, ListContainersResponse>(
            "RuntimeService",
            "ListContainers",
            new ListContainersRequest { Filter = new ContainerFilter { LabelSelector = { [KubernetesLabels.PodUid] = podUid } } },
            cancellationToken);

    public Task<ContainerStatusResponse> ContainerStatusAsync(string id, CancellationToken cancellationToken) =>
        CallAsync<ContainerStatusRequest, ContainerStatusResponse>(
            "RuntimeService", "ContainerStatus", new ContainerStatusRequest { ContainerId = id, Verbose = true }, cancellationToken);

    public Task<PodSandboxStatusResponse> SandboxStatusAsync(string id, CancellationToken cancellationToken) =>
        CallAsync<PodSandboxStatusRequest, PodSandboxStatusResponse>(
            "RuntimeService", "PodSandboxStatus", new PodSandboxStatusRequest { PodSandboxId = id, Verbose = true }, cancellationToken);

    public Task<ImageStatusResponse> ImageStatusAsync(string image, CancellationToken cancellationToken) =>
        CallAsync<ImageStatusRequest, ImageStatusResponse>(
            "ImageService", "ImageStatus", new ImageStatusRequest { Image = new ImageSpec { Image = image }, Verbose = true }, cancellationToken);

    /// <summary>containerd's snapshots service. Null if the server has none.</summary>
    /// <param name="space">containerd's namespace, in which the kubelet's containers are.</param>
    public Task<MountsResponse?> SnapshotMountsAsync(string space, string snapshotter, string key, CancellationToken cancellationToken) =>
        socket.TryCallAsync<MountsRequest, MountsResponse>(
            "containerd.services.snapshots.v1.Snapshots",
            "Mounts",
            new MountsRequest { Snapshotter = snapshotter, Key = key },
            cancellationToken,
            new Metadata { { "containerd-namespace", space } });

    private async Task<TAnswer> CallAsync<TRequest, TAnswer>(string service, string method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        if (_package is null) await VersionAsync(cancellationToken);
        return await socket.TryCallAsync<TRequest, TAnswer>($"{_package}.{service}", method, request, cancellationToken)
            ?? throw new RuntimeException(Reasons.RuntimeFailed, $"The container runtime has no {service}.{method}.");
    }
}
