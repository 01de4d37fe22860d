using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>The capture of one container: inspect, logs and diff first, which are small and volatile, the file system later,
/// when every other container's small ones are safe.</summary>
/// <param name="blind">Why the runtime did not answer before; null if it did.</param>
internal sealed class ContainerCapture(
    CaptureSubject subject, string pod, IContainerRuntime runtime, RuntimeException? blind, ArtifactRecorder recorder, TimeProvider clock)
{
    private const string RemovedMeanwhile = "The container was removed while it was read.";
    private readonly List<ArtifactRecord> _artifacts = [];

    /// <summary>What the diff says is there; null if there is no diff to hold the archive against.</summary>
    private PathSet? _expected;

    /// <summary>Null until it is known.</summary>
    public InspectedContainer? Inspected { get; private set; }

    private ArtifactReading DiffReading => runtime.Export is { } export
        ? (sink, token) => DiffAsync(export, sink, token)
        : OfLayers(LayerReading.Diff(LocateAsync));

    private ArtifactReading ExportReading => runtime.Export is { } export
        ? (sink, token) => ExportAsync(export, sink, token)
        : OfLayers(LayerReading.Archive(LocateAsync));

    public async Task CaptureSmallAsync()
    {
        if (subject.Id is not { } id) return;
        await RecordAsync(EvidenceNames.Inspect(pod, id), ArtifactTypes.Inspect, InspectAsync);
        await RecordAsync(EvidenceNames.Logs(pod, id), ArtifactTypes.Logs, LogsAsync);
        await RecordAsync(EvidenceNames.History(pod, id), ArtifactTypes.History, HistoryAsync);
        await RecordAsync(EvidenceNames.Diff(pod, id), ArtifactTypes.Diff, DiffReading);
    }

    public async Task CaptureFileSystemAsync()
    {
        if (subject.Id is not { } id) return;
        await RecordAsync(EvidenceNames.Export(pod, id), ArtifactTypes.Export, ExportReading);
    }

    public ContainerRecord ToRecord()
    {
        var worst = CaptureVerdict.WorstOf(_artifacts);
        return new ContainerRecord
        {
            Name = subject.Name,
            Kind = subject.Kind,
            Runtime = runtime.Name,
            Id = subject.Id,
            Image = subject.Image ?? Inspected?.Image,
            ImageId = subject.ImageId ?? Inspected?.ImageId,
            Previous = subject.Previous,
            State = worst?.State ?? CaptureState.Skipped,
            Reason = worst is null ? Reasons.NotStarted : worst.Reason,
            Message = worst is null ? "The container never started: there is nothing to capture." : worst.Message,
            Bytes = _artifacts.Sum(artifact => artifact.Bytes ?? 0),
            Artifacts = _artifacts,
        };
    }

    private async Task RecordAsync(string name, string type, ArtifactReading read)
    {
        var record = await recorder.RecordAsync(name, type, subject.Name, async (sink, token) =>
        {
            // One round of patience with an absent daemon is enough.
            if (blind is { Reason: Reasons.RuntimeUnreachable }) throw blind;
            try
            {
                return await read(sink, token);
            }
            catch (RuntimeException e) when (e.IsCut)
            {
                if (!await IsGoneAsync(token)) throw;
                throw new RuntimeException(Reasons.ContainerGone, RemovedMeanwhile, e) { IsCut = true };
            }
        });
        // The kubelet keeps one dead instance at most, so that this one is no longer there is how things should be.
        if (subject.Previous && record is { State: CaptureState.Failed, Reason: Reasons.ContainerGone })
            record = record with { State = CaptureState.Skipped, Reason = Reasons.InstanceRemoved };
        _artifacts.Add(record);
    }

    private async Task<ArtifactFindings> InspectAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        Inspected = await runtime.InspectAsync(subject.Id!, cancellationToken);
        await sink(Inspected.Printed, cancellationToken);
        return ArtifactFindings.Whole;
    }

    private async Task<ArtifactFindings> LogsAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        // The log's form depends on what inspect says.
        var inspected = Inspected ?? await runtime.InspectAsync(subject.Id!, cancellationToken);
        await foreach (var lines in runtime.ReadLogsAsync(inspected, cancellationToken)) await sink(lines, cancellationToken);
        return ArtifactFindings.Whole;
    }

    /// <summary>Layers that go away while they are read look like files that were deleted: only the runtime can tell.</summary>
    private ArtifactReading OfLayers(ArtifactReading read) => async (sink, cancellationToken) =>
    {
        try
        {
            var findings = await read(sink, cancellationToken);
            return await IsGoneAsync(cancellationToken)
                ? findings with { Reason = Reasons.ContainerGone, Message = RemovedMeanwhile }
                : findings;
        }
        catch (RuntimeException e) when (e.Reason == Reasons.LayersUnreachable)
        {
            if (!await IsGoneAsync(cancellationToken)) throw;
            throw new RuntimeException(Reasons.ContainerGone, RemovedMeanwhile, e);
        }
    };

    private async Task<RootLocation> LocateAsync(CancellationToken cancellationToken) => await runtime.LocateRootAsync(
        Inspected ?? await runtime.InspectAsync(subject.Id!, cancellationToken), cancellationToken);

    private async Task<ArtifactFindings> HistoryAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        var inspected = Inspected ?? await runtime.InspectAsync(subject.Id!, cancellationToken);
        await sink(await runtime.ReadHistoryAsync(inspected, cancellationToken), cancellationToken);
        return ArtifactFindings.Whole;
    }

    private async Task<ArtifactFindings> DiffAsync(IRuntimeExport export, ByteSink sink, CancellationToken cancellationToken)
    {
        var expected = new PathSet();
        var lines = new DiffLines(sink);
        await foreach (var change in export.DiffAsync(subject.Id!, cancellationToken))
        {
            if (change.Kind != ChangeKind.Deleted) expected.Add(change.Path);
            await lines.AppendAsync(change, cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        _expected = expected;
        return ArtifactFindings.Whole;
    }

    private async Task<ArtifactFindings> ExportAsync(IRuntimeExport export, ByteSink sink, CancellationToken cancellationToken)
    {
        var check = new ExportCheck(_expected, clock.GetUtcNow());
        await using var stream = await export.OpenAsync(subject.Id!, cancellationToken);
        await foreach (var piece in ReadAhead.ReadAsync(stream, cancellationToken))
        {
            check.Write(piece.Span);
            await sink(piece, cancellationToken);
        }

        var findings = await check.FinishAsync(() => export.DiffAsync(subject.Id!, cancellationToken));
        return findings.Reason == Reasons.StreamTruncated && await IsGoneAsync(cancellationToken)
            ? findings with { Reason = Reasons.ContainerGone, Message = $"{RemovedMeanwhile} {findings.Message}" }
            : findings;
    }

    /// <summary>A stream that breaks off may do so because somebody removed the container.</summary>
    private async Task<bool> IsGoneAsync(CancellationToken cancellationToken)
    {
        try
        {
            await runtime.InspectAsync(subject.Id!, cancellationToken);
            return false;
        }
        catch (RuntimeException e)
        {
            return e.Reason == Reasons.ContainerGone;
        }
    }
}
