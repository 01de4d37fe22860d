using System.Runtime.CompilerServices;

namespace Forensics.Controller.Informers;

/// <summary>Counts and times the lists and watches of another.</summary>
internal sealed class MeteredListWatch<T>(IListWatch<T> inner, ReflectorMetrics metrics, TimeProvider time) : IListWatch<T>
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    public string Description => inner.Description;

    public string? Namespace => inner.Namespace;

    public async Task<ResourceList<T>> ListAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        metrics.Lists.WithLabels(Description).Inc();
        var list = await inner.ListAsync(resourceVersion, cancellationToken);
        metrics.ListDuration.WithLabels(Description).Observe(time.GetElapsedTime(started).TotalSeconds);
        metrics.ItemsPerList.WithLabels(Description).Observe(list.Items.Count);
        return list;
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var events = 0;
        metrics.Watches.WithLabels(Description).Inc();
        try
        {
            await foreach (var change in inner.WatchAsync(resourceVersion, cancellationToken))
            {
                events++;
                yield return change;
            }
        }
        finally
        {
            Ended(time.GetElapsedTime(started), events);
        }
    }

    private void Ended(TimeSpan after, int events)
    {
        metrics.WatchDuration.WithLabels(Description).Observe(after.TotalSeconds);
        metrics.ItemsPerWatch.WithLabels(Description).Observe(events);
        if (events == 0 && after < Short) metrics.ShortWatches.WithLabels(Description).Inc();
    }
}
