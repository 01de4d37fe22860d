using Forensics.Agent.Capture.Roots;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>The pod's volumes, and what its containers keep in /dev/shm: where intruders write when the root is read-only. What is
/// not captured is listed with the rule that left it out.</summary>
internal sealed class VolumeStep(CapturePlan plan, HostLayout layout, ArtifactRecorder recorder)
{
    private const string OfNode = "/dev/shm";

    public async Task<IReadOnlyList<ArtifactRecord>> RunAsync(IEnumerable<InspectedContainer> containers)
    {
        var records = new List<ArtifactRecord>();
        foreach (var volume in plan.Volumes) records.Add(await CaptureAsync(volume));

        // The containers of a pod share one, as a rule.
        foreach (var container in containers.Where(container => container.SharedMemory is not null).DistinctBy(container => container.SharedMemory))
        {
            if (plan.Volumes.All(volume => volume.HostPath != container.SharedMemory)) // Else an emptyDir is mounted there.
                records.Add(await CaptureSharedMemoryAsync(container.Id, container.SharedMemory!));
        }

        return records;
    }

    private async Task<ArtifactRecord> CaptureSharedMemoryAsync(string id, string hostPath)
    {
        var name = EvidenceNames.SharedMemory(plan.Target.Pod, id);
        if (hostPath == OfNode)
            return recorder.Skip(name, ArtifactTypes.SharedMemory, Reasons.VolumeNotCollected, "The pod shares the node's own /dev/shm (hostIPC).");
        return layout.Find(hostPath) is { } here && SeesTheRuntimesFiles(here) && !Directory.Exists(here)
            ? recorder.Skip(
                name, ArtifactTypes.SharedMemory, Reasons.VolumeReleased, "The pod's sandbox has ended, and what was in its memory has gone with it.")
            : await CaptureAsync(name, ArtifactTypes.SharedMemory, hostPath);
    }

    // By hand the agent may be in a container itself, where nothing of the node is. Every runtime keeps a sandbox's memory three levels below a folder
    // that stays: docker/containers/ID/mounts/shm, sandboxes/ID/shm, overlay-containers/ID/userdata/shm.
    private static bool SeesTheRuntimesFiles(string here) => Directory.Exists(Path.GetFullPath(Path.Combine(here, "../../..")));

    private Task<ArtifactRecord> CaptureAsync(PlannedVolume volume)
    {
        var name = EvidenceNames.Volume(plan.Target.Pod, volume.Name);
        if (volume.HostPath is not { } hostPath)
        {
            return Task.FromResult(recorder.Skip(
                name,
                ArtifactTypes.Volume,
                Reasons.VolumeNotCollected,
                $"The content of a volume of the kind {volume.Kind} is {(PlannedVolume.KindsToAskFor.Contains(volume.Kind) ? "captured only if spec.volumes names it" : "never captured")}."));
        }

        return volume.IsReleased && layout.Find(hostPath) is { } here && !Directory.Exists(here)
            ? Task.FromResult(recorder.Skip(
                name, ArtifactTypes.Volume, Reasons.VolumeReleased, "The pod had ended when the capture was planned, and the kubelet empties such a pod's volumes."))
            : CaptureAsync(name, ArtifactTypes.Volume, hostPath);
    }

    private Task<ArtifactRecord> CaptureAsync(string name, string type, string hostPath) => recorder.RecordAsync(
        name,
        type,
        null,
        async (sink, token) =>
        {
            if (layout.Find(hostPath) is not { } here || !await IsThereAsync(here, token)) throw Unreachable(hostPath);
            var volume = new LayersReading(new RootLayers("", null, [here]), null, new ArchiveOptions(), new ArchiveNotes(null, token));
            try
            {
                var findings = await volume.ReadIntoAsync(sink, token);
                return await IsThereAsync(here, token)
                    ? findings
                    : findings with { Reason = Reasons.ContainerGone, Message = "The pod was removed, and its volume with it, while that was read." };
            }
            catch (RuntimeException e) when (e.Reason == Reasons.LayersUnreachable)
            {
                throw new RuntimeException(Reasons.VolumeUnreachable, e.Message, e) { IsCut = e.IsCut };
            }
        });

    // Of a file system that hangs even this question is never answered.
    private static async Task<bool> IsThereAsync(string directory, CancellationToken cancellationToken)
    {
        var (limit, clock) = (Patience.WithFileSystems.Limit, Patience.WithFileSystems.Clock);
        try
        {
            return await Task.Run(() => Directory.Exists(directory), cancellationToken).WaitAsync(limit, clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw Patience.WithFileSystems.End(Reasons.VolumeUnreachable, e);
        }
    }

    private static RuntimeException Unreachable(string hostPath) => new(
        Reasons.VolumeUnreachable,
        $"The node's directory {EscapedText.Of(hostPath)} cannot be reached from the agent. If the node keeps it elsewhere, say so to the controller by --node-paths.");
}
