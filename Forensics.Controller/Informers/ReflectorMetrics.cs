using Prometheus;

namespace Forensics.Controller.Informers;

/// <summary>client-go's metrics of lists and watches, one series per scope, named as people name it:
/// <c>pods in namespace forensics-workers</c>. A relist is every list after the first.</summary>
internal sealed class ReflectorMetrics
{
    private readonly CollectorRegistry _registry;
    private readonly Gauge _failing;

    public ReflectorMetrics(CollectorRegistry registry)
    {
        _registry = registry;
        var create = Prometheus.Metrics.WithCustomRegistry(registry);
        var scope = new[] { "name" };
        Lists = create.CreateCounter("reflector_lists_total", "Lists asked for. More than the first means that a watch could not go on.", scope);
        ListDuration = create.CreateSummary("reflector_list_duration_seconds", "How long a list takes, decoding included.", scope);
        ItemsPerList = create.CreateSummary("reflector_items_per_list", "Objects in a list.", scope);
        Watches = create.CreateCounter("reflector_watches_total", "Watches begun.", scope);
        ShortWatches = create.CreateCounter("reflector_short_watches_total", "Watches that ended within a second with no event.", scope);
        WatchDuration = create.CreateSummary("reflector_watch_duration_seconds", "How long a watch lasts.", scope);
        ItemsPerWatch = create.CreateSummary("reflector_items_per_watch", "Events in a watch, bookmarks included.", scope);
        _failing = create.CreateGauge("forensics_informer_failing", "1 while the last list or watch of this type failed: its cache grows old.", scope);
    }

    public Counter Lists { get; }
    public Summary ListDuration { get; }
    public Summary ItemsPerList { get; }
    public Counter Watches { get; }
    public Counter ShortWatches { get; }
    public Summary WatchDuration { get; }
    public Summary ItemsPerWatch { get; }

    /// <summary>Shows at every scrape which informers have trouble.</summary>
    public void ShowProblemsOf(IReadOnlyList<IInformer> informers) => _registry.AddBeforeCollectCallback(() =>
    {
        foreach (var informer in informers) _failing.WithLabels(informer.Name).Set(informer.Problem is null ? 0 : 1);
    });
}
