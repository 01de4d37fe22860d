using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>The queue that the controller works from: keys now, keys later, keys after a back-off.</summary>
internal sealed class RateLimitingQueue : IDisposable
{
    private readonly WorkQueueMetrics _metrics;
    private readonly WorkQueue _queue;
    private readonly DelayingQueue _delaying;
    private readonly RateLimiter _limiter;

    public RateLimitingQueue(string name, Metrics metrics, TimeProvider time)
    {
        _metrics = new WorkQueueMetrics(name, metrics, time);
        _queue = new WorkQueue(_metrics);
        _delaying = new DelayingQueue(_queue, time);
        _limiter = new RateLimiter(time);
    }

    /// <inheritdoc cref="WorkQueue.Add"/>
    public void Add(ResourceKey key, Priority priority = Priority.Normal) => _queue.Add(key, priority);

    /// <inheritdoc cref="WorkQueue.GetAsync"/>
    public ValueTask<ResourceKey?> GetAsync(CancellationToken cancellationToken) => _queue.GetAsync(cancellationToken);

    /// <inheritdoc cref="WorkQueue.Done"/>
    public void Done(ResourceKey key) => _queue.Done(key);

    /// <summary>Adds the key after a while, or earlier if it waits for an earlier time already. Like a key that failed, it keeps the priority
    /// with which the worker who says so got it.</summary>
    public void AddAfter(ResourceKey key, TimeSpan delay)
    {
        _metrics.Retried(); // client-go counts all that is asked for later, whatever for.
        _delaying.AddAfter(key, delay, _queue.PriorityOf(key));
    }

    /// <summary>Adds the key after its back-off. Whoever gets it through without an error owes a <see cref="Forget"/>.</summary>
    public void AddRateLimited(ResourceKey key) => AddAfter(key, _limiter.When(key));

    /// <inheritdoc cref="RateLimiter.Forget"/>
    public void Forget(ResourceKey key) => _limiter.Forget(key);

    /// <inheritdoc cref="RateLimiter.NumRequeues"/>
    public int NumRequeues(ResourceKey key) => _limiter.NumRequeues(key);

    /// <summary>Drops what waits for a later time, takes no more keys, and hands out what is queued until nothing is left.</summary>
    public void ShutDown()
    {
        _delaying.Dispose();
        _queue.ShutDown();
    }

    public void Dispose() => ShutDown();
}
