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

    /// <summary>What is lost soonest: emptyDirs in memory, and /dev/shm.</summary>
    public async Task<IReadOnlyList<ArtifactRecord>> CaptureMemoryAsync(IEnumerable<InspectedContainer> containers)
    {
        var records = await CaptureAsync(volume => volume.IsInMemory);

        // The containers of a pod share one, as a rule.
        foreach (var container in containers.Where(container => container.SharedMemory is not null).DistinctBy(container => container.SharedMemory))
        {
            if (plan.Volumes.All(volume => volume.HostPath != container.SharedMemory)) // Else an emptyDir is mounted there.
                records.Add(await CaptureSharedMemoryAsync(container.Id, container.SharedMemory!));
        }

        return records;
    }

    /// <summary>What is on disk and goes with the pod.</summary>
    public async Task<IReadOnlyList<ArtifactRecord>> CaptureDisksAsync() => await CaptureAsync(volume => !volume.IsInMemory && GoesWithThePod(volume));

    /// <summary>What outlives the pod, and may be a network's: whoever waits for it must have all else by then.</summary>
    public async Task<IReadOnlyList<ArtifactRecord>> CaptureLastingAsync() => await CaptureAsync(volume => !volume.IsInMemory && !GoesWithThePod(volume));

    private static bool GoesWithThePod(PlannedVolume volume) => volume.Kind is "emptyDir" or "ephemeral";

    private async Task<List<ArtifactRecord>> CaptureAsync(Func<PlannedVolume, bool> isOfStep)
    {
        var records = new List<ArtifactRecord>();
        foreach (var volume in plan.Volumes.Where(isOfStep)) records.Add(await CaptureAsync(volume));
        return records;
    }

    private async Task<ArtifactRecord> CaptureSharedMemoryAsync(string id, string hostPath)
    {
        var name = EvidenceNames.SharedMemory(plan.Target.Pod, id);
        if (hostPath == OfNode)
            return recorder.Skip(name, ArtifactTypes.SharedMemory, Reasons.VolumeNotCollected, "The pod shares the node's own /dev/shm (hostIPC).");
        if (RuntimeFolderOf(hostPath) is not { } folder)
        {
            return recorder.Skip(
                name, ArtifactTypes.SharedMemory, Reasons.VolumeNotCollected, "A volume is mounted at /dev/shm: it is captured as a volume, or left out as one.");
        }

        return await CaptureAsync(name, ArtifactTypes.SharedMemory, hostPath, new Release(
            "The pod's sandbox has ended, and what was in its memory has gone with it.", StaysAt: folder));
    }

    /// <summary>A folder of the runtime's that stays when a sandbox goes, by where the sandbox's memory is; null if that is no place of any
    /// runtime's: a volume is mounted there, which may be a Secret.</summary>
    private static string? RuntimeFolderOf(string sharedMemory) => sharedMemory.Split('/') switch
    {
        [.. var folder, "sandboxes", _, "shm"] => string.Join('/', folder), // containerd
        // CRI-O, by its storage's driver: overlay-containers
        [.. var folder, var containers, _, "userdata", "shm"] when containers.EndsWith("-containers", StringComparison.Ordinal) => $"{string.Join('/', folder)}/{containers}",
        [.. var folder, "containers", _, "mounts", "shm"] => string.Join('/', folder) + "/containers", // Docker
        _ => null,
    };

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

        return CaptureAsync(name, ArtifactTypes.Volume, hostPath, volume.IsReleased
            ? new Release("The pod had ended when the capture was planned, and the kubelet empties such a pod's volumes.", StaysAt: null)
            : null);
    }

    /// <summary>Why it is no fault that a directory is not there.</summary>
    /// <param name="StaysAt">A directory of the node that is there all the same, if the node's are seen: by hand the agent may be in a
    /// container itself, where none of them is. Null if it is enough that the deployment has mounted the place.</param>
    private sealed record Release(string Message, string? StaysAt);

    private Task<ArtifactRecord> CaptureAsync(string name, string type, string hostPath, Release? release) => recorder.RecordAsync(
        name,
        type,
        null,
        async (sink, token) =>
        {
            if (layout.Find(hostPath) is not { } here) throw Unreachable(hostPath);
            if (!await IsThereAsync(here, token))
                throw release is not null && await IsSeenAsync(release.StaysAt, token) ? new RuntimeException(Reasons.VolumeReleased, release.Message) : Unreachable(hostPath);
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

    private async Task<bool> IsSeenAsync(string? directory, CancellationToken cancellationToken) =>
        directory is null || (layout.Find(directory) is { } here && await IsThereAsync(here, cancellationToken));

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
