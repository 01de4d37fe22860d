using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>Finds the layers of a container: by containerd's snapshot where there is one, else by the path that CRI-O gave to the
/// OCI runtime.</summary>
internal sealed class CriRoots(CriClient client, HostLayout layout)
{
    private const string KubernetesNamespace = "k8s.io";
    private readonly LayerDirectories _layers = new(layout);
    private readonly ContainersStorage _storage = new(layout);

    public async Task<RootLocation> LocateAsync(CriInfo info, CancellationToken cancellationToken)
    {
        var located = info switch
        {
            { SnapshotKey: { } key, Snapshotter: { } snapshotter } => await OfSnapshotAsync(key, snapshotter, cancellationToken),
            { RootPath: { } path } when path.StartsWith('/') => _storage.Locate(path),
            _ => RootLocation.Unreachable(
                Reasons.UnsupportedStorage, "The runtime's verbose status names neither a snapshot nor an absolute root: nothing says where the layers are."),
        };
        return located.Problem is null ? located with { Problem = SandboxedRuntimes.ProblemOf(info.RuntimeType) } : located;
    }

    private async Task<RootLocation> OfSnapshotAsync(string key, string snapshotter, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.SnapshotMountsAsync(KubernetesNamespace, snapshotter, key, cancellationToken);
            return answer is null
                ? RootLocation.Unreachable(Reasons.UnsupportedStorage, "The runtime has no snapshots service to ask for the layers.")
                : SnapshotMounts.Locate(snapshotter, answer.Mounts, _layers);
        }
        catch (RuntimeException e) when (e.Reason == Reasons.ContainerGone)
        {
            return RootLocation.Unreachable(
                Reasons.LayersUnreachable, $"The snapshot '{EscapedText.Of(key)}' of the container is gone from the snapshotter '{EscapedText.Of(snapshotter)}'.");
        }
    }
}
