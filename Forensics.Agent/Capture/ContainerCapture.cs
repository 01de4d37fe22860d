using Forensics.Agent.Capture.Roots;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>The capture of one container: inspect, logs and diff first, which are small and volatile, the file system later,
/// when every other container's small ones are safe.</summary>
/// <param name="blind">Why the runtime did not answer before; null if it did.</param>
internal sealed class ContainerCapture(
    CaptureSubject subject,
    string pod,
    ExportOptions export,
    IContainerRuntime runtime,
    RuntimeException? blind,
    ArtifactRecorder recorder,
    MarkBudget marks,
    TimeProvider clock)
{
    private readonly ContainerRecorder _recorder = new(subject, runtime, blind, recorder);
    private readonly List<ArtifactRecord> _artifacts = [];
    private RootLocation _location = RootLocation.Unreachable(
        Reasons.LayersUnreachable, "The runtime did not describe the container, so that it is not known where its layers are.");

    /// <summary>What the diff says is there; null if there is no diff to hold the archive against.</summary>
    private ChangedPaths? _changes;

    /// <summary>Null until it is known.</summary>
    public InspectedContainer? Inspected { get; private set; }

    public async Task CaptureSmallAsync()
    {
        if (subject.Id is not { } id) return;
        await RecordAsync(EvidenceNames.Inspect(pod, id), ArtifactTypes.Inspect, InspectAsync);
        await RecordAsync(EvidenceNames.Logs(pod, id), ArtifactTypes.Logs, LogsAsync);
        await RecordAsync(EvidenceNames.History(pod, id), ArtifactTypes.History, HistoryAsync);
        await RecordAsync(EvidenceNames.Diff(pod, id), ArtifactTypes.Diff, DiffAsync);
    }

    public async Task CaptureChangesAsync()
    {
        if (subject.Id is { } id && Readings(id) is { KnowsWhatWasWritten: true } readings)
            _artifacts.Add(await ChangesStep.RunAsync(id, pod, readings, export, _recorder));
    }

    public async Task CaptureFileSystemAsync()
    {
        if (subject.Id is not { } id) return;
        _artifacts.AddRange(await new ExportStep(id, pod, Readings(id), export, _changes, _recorder, clock).RunAsync());
        _changes?.Release();
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
            UserNamespace = Inspected?.UserNamespace,
            State = worst?.State ?? CaptureState.Skipped,
            Reason = worst is null ? Reasons.NotStarted : worst.Reason,
            Message = worst is null ? "The container never started: there is nothing to capture." : worst.Message,
            Bytes = _artifacts.Sum(artifact => artifact.Bytes ?? 0),
            Artifacts = _artifacts,
        };
    }

    private async Task RecordAsync(string name, string type, ArtifactReading read) =>
        _artifacts.Add(await _recorder.RecordAsync(name, type, read));

    private RootReadings Readings(string id) => new(export.Method, _location, runtime, id);

    private async Task<ArtifactFindings> InspectAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        Inspected = await runtime.InspectAsync(subject.Id!, cancellationToken);
        await sink(Inspected.Printed, cancellationToken);
        _location = await LocateRootAsync(Inspected, cancellationToken);
        return ArtifactFindings.Whole;
    }

    /// <summary>What keeps the layers from being found is told of the artifacts that are made of them, not of the description, which is there.</summary>
    private async Task<RootLocation> LocateRootAsync(InspectedContainer inspected, CancellationToken cancellationToken)
    {
        try
        {
            return LayerRights.Checked(await runtime.LocateRootAsync(inspected, cancellationToken));
        }
        catch (RuntimeException e)
        {
            return RootLocation.Unreachable(e.Reason, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return RootLocation.Unreachable(Reasons.LayersUnreachable, $"Where the layers are cannot be read: {EscapedText.Of(e.Message)}");
        }
    }

    private async Task<ArtifactFindings> LogsAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        // The log's form depends on what inspect says.
        var inspected = Inspected ?? await runtime.InspectAsync(subject.Id!, cancellationToken);
        await foreach (var lines in runtime.ReadLogsAsync(inspected, cancellationToken)) await sink(lines, cancellationToken);
        return ArtifactFindings.Whole;
    }

    private async Task<ArtifactFindings> HistoryAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        var inspected = Inspected ?? await runtime.InspectAsync(subject.Id!, cancellationToken);
        await sink(await runtime.ReadHistoryAsync(inspected, cancellationToken), cancellationToken);
        return ArtifactFindings.Whole;
    }

    /// <summary>Read as the file system is: from the layers where they can be compared, which is over at once and asks nothing of a daemon;
    /// else by the runtime.</summary>
    private async Task<ArtifactFindings> DiffAsync(ByteSink sink, CancellationToken cancellationToken)
    {
        var layers = ComparableLayers();
        if (layers is not null && Readings(subject.Id!).TakesLayers) return await LayersDiffAsync(layers, sink, cancellationToken);
        if (runtime.Export is null && _location.Problem is { } problem) throw new RuntimeException(problem.Reason, problem.Message);
        var lines = new DiffLines(sink);
        try
        {
            return await RuntimeDiffAsync(lines, cancellationToken);
        }
        catch (RuntimeException e) when (layers is not null && e.Reason == Reasons.RuntimeFailed && !e.IsCut && lines.IsEmpty)
        {
            // dockerd compares by paths, and directories may be deeper than one can say.
            return await LayersDiffAsync(layers, sink, cancellationToken) with { MethodReason = e.Message };
        }
        catch (RuntimeException e) when (!lines.IsEmpty)
        {
            // What came is evidence, and not to be mixed with another's list.
            await lines.FlushAsync(cancellationToken);
            throw new RuntimeException(e.Reason, e.Message, e) { IsCut = true };
        }
    }

    /// <summary>Null unless the container's own layer and its image's are known.</summary>
    private RootLayers? ComparableLayers() => _location.Layers is { Upper: not null, Lowers.Count: > 0 } ? _location.Layers : null;

    private async Task<ArtifactFindings> LayersDiffAsync(RootLayers layers, ByteSink sink, CancellationToken cancellationToken)
    {
        var changes = new ChangedPaths(marks);
        try
        {
            var findings = await LayersDiff.ReadAsync(layers, changes, sink, cancellationToken);
            _changes = changes;
            return findings with { Method = ExportMethod.Layers };
        }
        catch
        {
            changes.Release();
            throw;
        }
    }

    private async Task<ArtifactFindings> RuntimeDiffAsync(DiffLines lines, CancellationToken cancellationToken)
    {
        var changes = new ChangedPaths(marks);
        try
        {
            await foreach (var change in ContainerRecorder.ExportOf(runtime).DiffAsync(subject.Id!, cancellationToken))
            {
                if (change.Kind != ChangeKind.Deleted) changes.Add(change);
                await lines.AppendAsync(change, cancellationToken);
            }

            await lines.FlushAsync(cancellationToken);
        }
        catch
        {
            changes.Release(); // Held against half of it, an archive would seem to have too little or too much.
            throw;
        }

        _changes = changes;
        return ArtifactFindings.Whole with { Method = ExportMethod.Runtime, Message = changes.DroppedMessage };
    }
}
