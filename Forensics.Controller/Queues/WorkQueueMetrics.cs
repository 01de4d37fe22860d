using Forensics.Controller.Informers;
using Prometheus;

namespace Forensics.Controller.Queues;

/// <summary>client-go's metrics of one queue: how deep, how long keys wait, how long workers have them.</summary>
internal sealed class WorkQueueMetrics
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, long> _addedAt = [];
    private readonly Dictionary<ResourceKey, long> _startedAt = [];
    private readonly TimeProvider _time;
    private readonly Gauge.Child _depth;
    private readonly Counter.Child _adds;
    private readonly Counter.Child _retries;
    private readonly Histogram.Child _queueDuration;
    private readonly Histogram.Child _workDuration;
    private readonly Gauge.Child _unfinishedWork;
    private readonly Gauge.Child _longestRunning;

    public WorkQueueMetrics(string queueName, Metrics metrics, TimeProvider time)
    {
        _time = time;
        _depth = metrics.QueueDepth.WithLabels(queueName, queueName);
        _adds = metrics.QueueAdds.WithLabels(queueName, queueName);
        _retries = metrics.QueueRetries.WithLabels(queueName, queueName);
        _queueDuration = metrics.QueueDuration.WithLabels(queueName, queueName);
        _workDuration = metrics.WorkDuration.WithLabels(queueName, queueName);
        _unfinishedWork = metrics.UnfinishedWork.WithLabels(queueName, queueName);
        _longestRunning = metrics.LongestRunning.WithLabels(queueName, queueName);
        metrics.Registry.AddBeforeCollectCallback(MeasureUnfinishedWork);
    }

    /// <summary>The key became dirty.</summary>
    public void Added(ResourceKey key)
    {
        _adds.Inc();
        lock (_lock) _addedAt[key] = _time.GetTimestamp();
    }

    /// <summary>A key waits for a worker.</summary>
    public void Queued() => _depth.Inc();

    /// <summary>A worker took the key.</summary>
    public void Got(ResourceKey key)
    {
        _depth.Dec();
        lock (_lock)
        {
            _startedAt[key] = _time.GetTimestamp();
            if (_addedAt.Remove(key, out var added)) _queueDuration.Observe(_time.GetElapsedTime(added).TotalSeconds);
        }
    }

    /// <summary>The worker is through with the key.</summary>
    public void Done(ResourceKey key)
    {
        lock (_lock)
        {
            if (_startedAt.Remove(key, out var started)) _workDuration.Observe(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    public void Retried() => _retries.Inc();

    // At every scrape: a stuck worker calls nothing, so nothing else would show it.
    private void MeasureUnfinishedWork()
    {
        lock (_lock)
        {
            var ages = _startedAt.Values.Select(started => _time.GetElapsedTime(started).TotalSeconds).ToList();
            _unfinishedWork.Set(ages.Sum());
            _longestRunning.Set(ages.Count == 0 ? 0 : ages.Max());
        }
    }
}
