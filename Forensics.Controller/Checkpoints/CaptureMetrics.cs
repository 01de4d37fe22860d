using Forensics.Api;
using Prometheus;

namespace Forensics.Controller.Checkpoints;

/// <summary>What ended is counted when it ends. What goes on is taken from the statuses at every scrape, so that it is right
/// from the first one after a restart.</summary>
internal sealed class CaptureMetrics : ICaptureMetrics
{
    /// <summary>In place of a reason that is none of ours: it is the suspect node's text, and must not make series at will.</summary>
    public const string OtherReason = "Other";

    private static readonly string[] Results = ["complete", "failed"];

    private readonly CollectorRegistry _registry;
    private readonly Counter _ended;
    private readonly Counter _bytes;
    private readonly Histogram _duration;
    private readonly Gauge _running;
    private readonly Gauge _waiting;
    private readonly Gauge _longestRunning;
    private readonly Gauge _longestOverdue;
    private readonly Gauge _longestWaiting;
    private readonly Gauge _lastSuccess;

    public CaptureMetrics(CollectorRegistry registry)
    {
        _registry = registry;
        var create = Prometheus.Metrics.WithCustomRegistry(registry);
        _ended = create.CreateCounter("forensics_captures_total", "Captures that ended, by result (complete, failed) and reason.", ["result", "reason"]);
        _bytes = create.CreateCounter("forensics_capture_bytes_total", "Bytes of evidence stored by captures that ended.");
        _duration = create.CreateHistogram("forensics_capture_duration_seconds", "From a capture's start to its end, by result.", ["result"], Durations());
        _running = create.CreateGauge("forensics_captures_running", "Captures that have their Job and have not ended.");
        _waiting = create.CreateGauge("forensics_captures_waiting", "Captures that have no Job yet: they wait for their target or their turn.");
        _longestRunning = create.CreateGauge("forensics_capture_longest_running_seconds", "Age of the oldest capture that has its Job and has not ended.");
        _longestOverdue = create.CreateGauge("forensics_capture_longest_overdue_seconds", "How far the latest capture is past the deadline of its own Job.");
        _longestWaiting = create.CreateGauge("forensics_capture_longest_waiting_seconds", "Age of the oldest capture that has no Job yet.");
        _lastSuccess = create.CreateGauge("forensics_evidence_last_success_timestamp_seconds", "Unix time at which evidence was last stored whole.",
            new GaugeConfiguration { SuppressInitialValue = true }); // 1970 would be a lie where there is none yet.

        // At zero: an increase needs a start.
        _ended.WithLabels("complete", Reasons.Captured).Publish();
        foreach (var reason in Reasons.OfFailedCaptures.Append(OtherReason)) _ended.WithLabels("failed", reason).Publish();
        foreach (var result in Results) _duration.WithLabels(result).Publish();
    }

    public void CaptureEnded(bool complete, string reason, long bytes, TimeSpan took, DateTimeOffset at)
    {
        var result = complete ? "complete" : "failed";
        _ended.WithLabels(result, complete || Reasons.OfFailedCaptures.Contains(reason) ? reason : OtherReason).Inc();
        _duration.WithLabels(result).Observe(took.TotalSeconds);
        _bytes.Inc(bytes);
        if (complete) _lastSuccess.IncTo(at.ToUnixTimeSeconds()); // No scrape may see its PodCheckpoint: it may be deleted at once.
    }

    /// <summary>Shows what goes on, asked for at every scrape. Null in a replica that stands by: it shows none, so that a sum
    /// over all replicas is right.</summary>
    public void ShowCensus(Func<CaptureCensus?> take) => _registry.AddBeforeCollectCallback(() => Show(take() ?? new CaptureCensus()));

    private void Show(CaptureCensus census)
    {
        _running.Set(census.Running);
        _waiting.Set(census.Waiting);
        _longestRunning.Set(census.LongestRunning.TotalSeconds);
        _longestOverdue.Set(census.LongestOverdue.TotalSeconds);
        _longestWaiting.Set(census.LongestWaiting.TotalSeconds);
        if (census.LastSuccess is { } time) _lastSuccess.IncTo(time.ToUnixTimeSeconds()); // Its PodCheckpoint may be deleted since.
    }

    // From a small container to the default deadline of a capture.
    private static HistogramConfiguration Durations() => new()
    {
        Buckets = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600],
    };
}
