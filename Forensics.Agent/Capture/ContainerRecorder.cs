using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Records the artifacts of one container, and knows what a failure means for a container that may be removed meanwhile.</summary>
/// <param name="blind">Why the runtime did not answer before; null if it did.</param>
internal sealed class ContainerRecorder(
    CaptureSubject subject, IContainerRuntime runtime, RuntimeException? blind, ArtifactRecorder recorder)
{
    private const string RemovedMeanwhile = "The container was removed while it was read.";

    // Each question to one that hangs costs minutes, in which the rest of the evidence waits.
    private bool _runtimeFellSilent;

    public async Task<ArtifactRecord> RecordAsync(string name, string type, ArtifactReading read, CompressionKind compression = CompressionKind.None)
    {
        async Task<ArtifactFindings> WatchfullyAsync(ByteSink sink, CancellationToken token)
        {
            // One round of patience with an absent daemon is enough.
            if (blind is { Reason: Reasons.RuntimeUnreachable }) throw blind;
            try
            {
                var findings = await read(sink, token);

                // Layers that go away while they are read look like files that were deleted: only the runtime can tell.
                return (findings.Method == ExportMethod.Layers || findings.Reason == Reasons.StreamTruncated) && await IsGoneAsync(token)
                    ? findings with { Reason = Reasons.ContainerGone, Message = $"{RemovedMeanwhile} {findings.Message}".TrimEnd() }
                    : findings;
            }
            catch (RuntimeException e) when ((e.IsCut || e.Reason == Reasons.LayersUnreachable) && e.Reason != Reasons.ContainerGone)
            {
                if (!await IsGoneAsync(token)) throw;
                throw new RuntimeException(Reasons.ContainerGone, RemovedMeanwhile, e) { IsCut = e.IsCut };
            }
        }

        var record = await recorder.RecordAsync(name, type, subject.Name, WatchfullyAsync, compression);
        // The kubelet keeps one dead instance at most, so that this one is no longer there is how things should be.
        return subject.Previous && record is { State: CaptureState.Failed, Reason: Reasons.ContainerGone }
            ? record with { State = CaptureState.Skipped, Reason = Reasons.InstanceRemoved }
            : record;
    }

    /// <summary>What the runtime itself gives; throws where it has no such thing.</summary>
    public static IRuntimeExport ExportOf(IContainerRuntime runtime) => runtime.Export
        ?? throw new RuntimeException(Reasons.RuntimeFailed, $"The runtime {runtime.Name} has no means of reading a root file system.");

    /// <summary>A stream that breaks off may do so because somebody removed the container.</summary>
    private async Task<bool> IsGoneAsync(CancellationToken cancellationToken)
    {
        if (_runtimeFellSilent) return false;
        try
        {
            await runtime.InspectAsync(subject.Id!, cancellationToken);
            return false;
        }
        catch (RuntimeException e)
        {
            _runtimeFellSilent = e.Reason != Reasons.ContainerGone;
            return !_runtimeFellSilent;
        }
    }
}
