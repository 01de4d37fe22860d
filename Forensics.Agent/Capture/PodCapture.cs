using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Storage;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Capture;

/// <summary>One capture from its first object to its last, in the order of volatility (RFC 3227). Read this first.</summary>
internal sealed class PodCapture(
    CaptureOrder order,
    IEvidenceStore store,
    IContainerRuntime runtime,
    HostLayout layout,
    ProgressReporter progress,
    CaptureLifetime lifetime,
    TimeProvider clock,
    ILogger logger)
{
    private readonly ArtifactRecorder _recorder = new(store, progress, lifetime, clock, logger);
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly List<ArtifactRecord> _ofPod = [];
    private List<ContainerCapture> _containers = [];
    private RuntimeIdentity? _runtime;

    /// <summary>What the runtime failed to tell of the pod as a whole; null if nothing.</summary>
    private RuntimeException? _blind;

    public async Task<CaptureOutcome> RunAsync()
    {
        logger.CaptureStarted(order.Plan.Target.Namespace, order.Plan.Target.Pod, store.Location);

        var request = await RequestStep.RunAsync(order, store.Location, _startedAt, _recorder, lifetime, clock);
        if (request.State != CaptureState.Captured)
            return CaptureOutcomes.NothingRead(request.Reason!, request.Message!, store.Location);
        _ofPod.Add(request);
        _ofPod.AddRange(await MetadataStep.RunAsync(order, _recorder));

        var held = await AskRuntimeAsync();
        var marks = new MarkBudget();
        _containers = RosterStep.Subjects(order.Plan, held)
            .Select(subject => new ContainerCapture(
                subject, order.Plan.Target.Pod, order.Plan.Export, runtime, _blind, _recorder, marks, clock))
            .ToList();
        foreach (var container in _containers) await container.CaptureSmallAsync();
        var volumes = new VolumeStep(order.Plan, layout, _recorder);
        _ofPod.AddRange(await volumes.CaptureMemoryAsync(_containers.Select(container => container.Inspected).OfType<InspectedContainer>()));
        foreach (var container in _containers) await container.CaptureChangesAsync();
        _ofPod.AddRange(await volumes.CaptureDisksAsync());
        foreach (var container in _containers) await container.CaptureFileSystemAsync();
        _ofPod.AddRange(await volumes.CaptureLastingAsync());

        return await CloseAsync();
    }

    /// <summary>Which runtime this is and what it holds for the pod; empty if it does not say.</summary>
    private async Task<IReadOnlyList<HeldContainer>> AskRuntimeAsync()
    {
        try
        {
            _runtime = await runtime.IdentifyAsync(lifetime.Reading);
            var uid = order.Plan.Target.RuntimeUid;
            return uid.Length == 0 ? [] : await runtime.ListPodAsync(uid, lifetime.Reading);
        }
        catch (OperationCanceledException) when (lifetime.Stopped is not null)
        {
            return [];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // An answer that nobody foresaw must not cost the folder its end: the planned containers are asked for all the same.
            _blind = e as RuntimeException
                ?? new RuntimeException(Reasons.RuntimeFailed, $"The runtime's answer is not understood: {e.GetType().Name}: {EscapedText.Of(e.Message)}", e);
            logger.RuntimeProblem(_blind.Reason, _blind.Message);
            return [];
        }
    }

    /// <summary>Also after a stop: a folder that says how far it came is worth far more than one without an end.</summary>
    private async Task<CaptureOutcome> CloseAsync()
    {
        var containers = _containers.ConvertAll(container => container.ToRecord());
        var findings = new CaptureFindings(order.Plan, store.Location, _ofPod, containers, lifetime.Stopped, _blind);
        var folder = new EvidenceFolder(store);
        try
        {
            var sums = await folder.WriteSumsAsync(findings.Artifacts, lifetime.Closing);
            var manifest = await folder.WriteManifestAsync(ManifestOf(findings, sums), lifetime.Closing);
            return CaptureOutcomes.Closed(findings, sums, manifest);
        }
        catch (StoreException e)
        {
            return CaptureOutcomes.NotClosed(findings, e.Reason, e.Message);
        }
        catch (OperationCanceledException) when (lifetime.Stopped is { } stop)
        {
            return CaptureOutcomes.NotClosed(findings, stop.Reason, stop.Message);
        }
    }

    private Manifest ManifestOf(CaptureFindings findings, StoredObject sums) => new()
    {
        PodCheckpoint = order.AskedBy,
        Target = order.Plan.Target,
        Agent = order.Agent,
        ControllerVersion = order.Plan.ControllerVersion,
        Runtime = _runtime,
        PlannedAt = order.Plan.CreatedAt,
        StartedAt = _startedAt,
        FinishedAt = clock.GetUtcNow(),
        Location = store.Location,
        Complete = findings.IsWhole,
        Reason = findings.IsWhole ? null : findings.Reason,
        Missing = findings.Missing,
        Sha256SumsSha256 = sums.Sha256,
        Artifacts = findings.OfPod,
        Containers = findings.Containers,
    };
}
