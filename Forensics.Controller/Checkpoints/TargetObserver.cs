using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Checkpoints.Nodes;
using Forensics.Controller.Checkpoints.Volumes;
using Forensics.Controller.Informers;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Looks at the target, live: targets are not watched.</summary>
internal sealed class TargetObserver(IClusterApi api, CaptureOptions options)
{
    public async Task<TargetState> LookAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(SpecCheck.TargetNamespace(checkpoint), checkpoint.Spec.Pod);
        if (await api.GetTargetPodAsync(key, cancellationToken) is not { } target)
            return new TargetState.Never(TargetCheck.NotFound(key.Name, key.Namespace));

        if (TargetCheck.OfPod(target.Pod, options) is { } hindrance) return hindrance;
        var runtime = PodContainers.RuntimeOf(target.Pod)!;
        if (TargetCheck.OfExport(runtime, checkpoint.Spec.Export) is { } trouble) return new TargetState.Never(trouble);
        return await LookAtNodeAsync(checkpoint, target, runtime, cancellationToken);
    }

    private async Task<TargetState> LookAtNodeAsync(PodCheckpoint checkpoint, TargetPod target, string runtime, CancellationToken cancellationToken)
    {
        var node = await api.GetNodeAsync(target.Pod.Spec.NodeName, cancellationToken);
        if (TargetCheck.OfNode(target.Pod.Spec.NodeName, node) is { } trouble) return new TargetState.NotYet(trouble);

        var asked = checkpoint.Spec.Volumes ?? [];
        var claimed = await ClaimedAsync(target.Pod, asked, cancellationToken);
        var podsFolder = NodeLayouts.PodsFolder(runtime, node, options.NodePaths);
        return VolumeRequest.TroubleWith(target.Pod, asked, claimed, podsFolder) is { } refused
            ? new TargetState.Never(refused)
            : new TargetState.Ready(target, node!, runtime, claimed);
    }

    private async Task<Dictionary<string, V1PersistentVolume>> ClaimedAsync(V1Pod pod, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        var claimed = new Dictionary<string, V1PersistentVolume>(StringComparer.Ordinal);
        foreach (var (volume, claim) in VolumeRequest.ClaimsOf(pod, asked))
        {
            if (await api.GetClaimedVolumeAsync(new ResourceKey(pod.Metadata.NamespaceProperty, claim), cancellationToken) is { } bound) claimed[volume] = bound;
        }

        return claimed;
    }
}
