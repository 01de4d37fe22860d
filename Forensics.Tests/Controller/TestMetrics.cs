using System.Text;
using Forensics.Controller.Queues;
using Prometheus;
using Metrics = Forensics.Controller.Metrics;

namespace Forensics.Tests.Controller;

/// <summary>Metrics in a registry of their own, and what a scrape of them says.</summary>
internal static class TestMetrics
{
    public static Metrics Create() => new(Prometheus.Metrics.NewCustomRegistry());

    public static WorkQueueMetrics ForQueue() => new("test", Create(), TimeProvider.System);

    /// <summary>The lines of a scrape that are no comments.</summary>
    public static Task<IReadOnlyList<string>> ScrapeAsync(this Metrics metrics) => metrics.Registry.ScrapeAsync();

    /// <inheritdoc cref="ScrapeAsync(Metrics)"/>
    public static async Task<IReadOnlyList<string>> ScrapeAsync(this CollectorRegistry registry)
    {
        using var body = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(body);
        return [.. Encoding.UTF8.GetString(body.ToArray()).Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }
}
