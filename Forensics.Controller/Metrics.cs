using Prometheus;

namespace Forensics.Controller;

/// <summary>The metrics of the machinery, in a registry of their own. Names, labels and buckets are client-go's and
/// controller-runtime's, so that people's dashboards for operators work unchanged. Those of captures are
/// <see cref="Checkpoints.CaptureMetrics"/>, those of watches <see cref="Informers.ReflectorMetrics"/>.</summary>
internal sealed class Metrics
{
    public Metrics(CollectorRegistry registry)
    {
        Registry = registry;
        var create = Prometheus.Metrics.WithCustomRegistry(registry);
        var queue = new[] { "name", "controller" }; // The same twice: dashboards of old ask for the one, newer ones for the other.
        var controller = new[] { "controller" };

        QueueDepth = create.CreateGauge("workqueue_depth", "Keys that wait for a worker.", queue);
        QueueAdds = create.CreateCounter("workqueue_adds_total", "Keys put on the queue.", queue);
        QueueRetries = create.CreateCounter("workqueue_retries_total", "Keys asked for again at a later time: after an error, or for another look.", queue);
        QueueDuration = create.CreateHistogram("workqueue_queue_duration_seconds", "How long a key waits for a worker.", queue, QueueBuckets());
        WorkDuration = create.CreateHistogram("workqueue_work_duration_seconds", "How long a worker has a key.", queue, QueueBuckets());
        UnfinishedWork = create.CreateGauge("workqueue_unfinished_work_seconds", "Age of all keys in workers' hands, summed. Growing without end means stuck workers.", queue);
        LongestRunning = create.CreateGauge("workqueue_longest_running_processor_seconds", "Age of the key that a worker has had for longest.", queue);

        Reconciles = create.CreateCounter("controller_runtime_reconcile_total", "Reconciles by result.", ["controller", "result"]);
        ReconcileErrors = create.CreateCounter("controller_runtime_reconcile_errors_total", "Reconciles that ended in an error.", controller);
        ReconcileTime = create.CreateHistogram("controller_runtime_reconcile_time_seconds", "How long a reconcile takes.", controller, ReconcileBuckets());
        ActiveWorkers = create.CreateGauge("controller_runtime_active_workers", "Workers that reconcile now.", controller);
        MaxConcurrentReconciles = create.CreateGauge("controller_runtime_max_concurrent_reconciles", "Workers there are.", controller);

        create.CreateGauge("forensics_build_info", "Constant 1; the label says which version runs.", ["version"])
            .WithLabels(BuildInfo.Version).Set(1);
        var resident = create.CreateGauge("process_resident_memory_bytes", "Memory of this process that is in RAM."); // As Go's programs name it.
        var allocated = create.CreateCounter("dotnet_allocated_bytes_total", "Bytes allocated on the managed heap since the start.");
        registry.AddBeforeCollectCallback(() =>
        {
            resident.Set(Environment.WorkingSet);
            allocated.IncTo(GC.GetTotalAllocatedBytes());
        });
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

    /// <summary>Shows at every scrape whether this replica holds the Lease. Not called where there is none, as with controller-runtime.</summary>
    public void ShowLeadership(string lease, Func<bool> leads)
    {
        var leader = Prometheus.Metrics.WithCustomRegistry(Registry)
            .CreateGauge("leader_election_master_status", "1 in the replica that holds the Lease, 0 in one that stands by.", ["name"]).WithLabels(lease);
        Registry.AddBeforeCollectCallback(() => leader.Set(leads() ? 1 : 0));
    }

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
