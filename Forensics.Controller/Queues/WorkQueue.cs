using System.Threading.Channels;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>Keys that wait for a worker, first come, first served. A key added many times before a worker takes it is handed
/// out once. A key added while a worker has it is handed out again after <see cref="Done"/>: so no key is ever processed by
/// two workers at once, and no change is lost.</summary>
internal sealed class WorkQueue(WorkQueueMetrics metrics)
{
    private readonly Lock _lock = new();

    // Keys that need processing. One that no worker has is in _order too, exactly once; one that a worker has goes there at Done.
    private readonly HashSet<ResourceKey> _dirty = [];

    // Keys in workers' hands.
    private readonly HashSet<ResourceKey> _processing = [];

    private readonly Channel<ResourceKey> _order = Channel.CreateUnbounded<ResourceKey>();
    private bool _shuttingDown;

    /// <summary>Marks the key as in need of processing. Ignored after <see cref="ShutDown"/>.</summary>
    public void Add(ResourceKey key)
    {
        lock (_lock)
        {
            if (_shuttingDown || !_dirty.Add(key)) return;
            metrics.Added(key);
            if (!_processing.Contains(key)) Enqueue(key);
        }
    }

    /// <summary>Waits for a key; whoever gets it owes a <see cref="Done"/>. Null once the queue is shut down and drained.</summary>
    public async ValueTask<ResourceKey?> GetAsync(CancellationToken cancellationToken)
    {
        while (await _order.Reader.WaitToReadAsync(cancellationToken))
        {
            lock (_lock)
            {
                if (!_order.Reader.TryRead(out var key)) continue; // Another worker was faster.
                _processing.Add(key);
                _dirty.Remove(key);
                metrics.Got(key);
                return key;
            }
        }

        return null;
    }

    /// <summary>Says that the worker is through with the key.</summary>
    public void Done(ResourceKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            metrics.Done(key);
            if (_dirty.Contains(key)) Enqueue(key);
            CompleteIfDrained();
        }
    }

    /// <summary>Takes no more keys. What is queued or comes back at Done is still handed out; then every Get returns null.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _shuttingDown = true;
            CompleteIfDrained();
        }
    }

    private void Enqueue(ResourceKey key)
    {
        metrics.Queued();
        _order.Writer.TryWrite(key); // Unbounded, and open as long as anything is dirty: never refused.
    }

    private void CompleteIfDrained()
    {
        if (_shuttingDown && _dirty.Count == 0 && _processing.Count == 0) _order.Writer.TryComplete();
    }
}
