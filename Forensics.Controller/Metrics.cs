using Prometheus;

namespace Forensics.Controller;

/// <summary>Every metric of the controller, in a registry of its own. Names, labels and buckets of the first two groups are
/// client-go's and controller-runtime's, so that people's dashboards for operators work unchanged.</summary>
internal sealed class Metrics : Checkpoints.ICaptureMetrics
{
    private readonly Counter _captures;
    private readonly Counter _captureBytes;
    private readonly Gauge _capturesRunning;

    public Metrics(CollectorRegistry registry)
    {
        Registry = registry;
        var create = Prometheus.Metrics.WithCustomRegistry(registry);
        var queue = new[] { "name" };
        var controller = new[] { "controller" };

        QueueDepth = create.CreateGauge("workqueue_depth", "Keys that wait for a worker.", queue);
        QueueAdds = create.CreateCounter("workqueue_adds_total", "Keys put on the queue.", queue);
        QueueRetries = create.CreateCounter("workqueue_retries_total", "Keys put back after an error.", queue);
        QueueDuration = create.CreateHistogram("workqueue_queue_duration_seconds", "How long a key waits for a worker.", queue, QueueBuckets());
        WorkDuration = create.CreateHistogram("workqueue_work_duration_seconds", "How long a worker has a key.", queue, QueueBuckets());
        UnfinishedWork = create.CreateGauge("workqueue_unfinished_work_seconds", "Age of all keys in workers' hands, summed. Growing without end means stuck workers.", queue);
        LongestRunning = create.CreateGauge("workqueue_longest_running_processor_seconds", "Age of the key that a worker has had for longest.", queue);

        Reconciles = create.CreateCounter("controller_runtime_reconcile_total", "Reconciles by result.", ["controller", "result"]);
        ReconcileErrors = create.CreateCounter("controller_runtime_reconcile_errors_total", "Reconciles that ended in an error.", controller);
        ReconcileTime = create.CreateHistogram("controller_runtime_reconcile_time_seconds", "How long a reconcile takes.", controller, ReconcileBuckets());
        ActiveWorkers = create.CreateGauge("controller_runtime_active_workers", "Workers that reconcile now.", controller);
        MaxConcurrentReconciles = create.CreateGauge("controller_runtime_max_concurrent_reconciles", "Workers there are.", controller);

        _captures = create.CreateCounter("forensics_captures_total", "Captures that ended, by result (complete, failed) and reason.", ["result", "reason"]);
        _captureBytes = create.CreateCounter("forensics_capture_bytes_total", "Bytes of evidence stored by captures that ended.");
        _capturesRunning = create.CreateGauge("forensics_captures_running", "Captures whose agent runs.");
        create.CreateGauge("forensics_build_info", "Constant 1; the label says which version runs.", ["version"])
            .WithLabels(BuildInfo.Version).Set(1);
    }

    public CollectorRegistry Registry { get; }

    public Gauge QueueDepth { get; }
    public Counter QueueAdds { get; }
    public Counter QueueRetries { get; }
    public Histogram QueueDuration { get; }
    public Histogram WorkDuration { get; }
    public Gauge UnfinishedWork { get; }
    public Gauge LongestRunning { get; }

    public Counter Reconciles { get; }
    public Counter ReconcileErrors { get; }
    public Histogram ReconcileTime { get; }
    public Gauge ActiveWorkers { get; }
    public Gauge MaxConcurrentReconciles { get; }

    /// <summary>Call once per capture, when its final status is written. <paramref name="bytes"/> is what was stored, also by a failed one.</summary>
    public void CaptureEnded(bool complete, string reason, long bytes)
    {
        _captures.WithLabels(complete ? "complete" : "failed", reason).Inc();
        _captureBytes.Inc(bytes);
    }

    /// <summary>The gauge is asked for at every scrape, so that it is right from the first one after a restart.</summary>
    public void CountRunningCapturesBy(Func<int> count) =>
        Registry.AddBeforeCollectCallback(() => _capturesRunning.Set(count()));

    // controller-runtime's: from 10 ns to 1,000 s.
    private static HistogramConfiguration QueueBuckets() => new() { Buckets = Histogram.ExponentialBuckets(1e-8, 10, 12) };

    // controller-runtime's.
    private static HistogramConfiguration ReconcileBuckets() => new()
    {
        Buckets =
        [
            0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
            1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
        ],
    };
}
