using System.Threading.Channels;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>Keys that wait for a worker, first come, first served within a <see cref="Priority"/>. A key added many times before a worker
/// takes it is handed out once. A key added while a worker has it is handed out again after <see cref="Done"/>: so no key is ever processed
/// by two workers at once, and no change is lost.</summary>
internal sealed class WorkQueue(WorkQueueMetrics metrics)
{
    private readonly Lock _lock = new();

    // Keys that need processing, in line for a worker; those that a worker has join it at Done, and are in _again until then.
    private readonly WaitingLine _line = new();
    private readonly Dictionary<ResourceKey, Priority> _again = [];

    // Keys in workers' hands.
    private readonly Dictionary<ResourceKey, Priority> _processing = [];

    // One for each key in line: what workers wait for.
    private readonly Channel<bool> _ready = Channel.CreateUnbounded<bool>();
    private bool _shuttingDown;

    /// <summary>Marks the key as in need of processing. Added twice, the higher priority counts. Ignored after <see cref="ShutDown"/>.</summary>
    public void Add(ResourceKey key, Priority priority = Priority.Normal)
    {
        lock (_lock)
        {
            if (_shuttingDown) return;
            if (!_processing.ContainsKey(key))
            {
                if (Enqueue(key, priority)) metrics.Added(key);
                return;
            }

            if (_again.TryAdd(key, priority)) metrics.Added(key);
            else if (priority < _again[key]) _again[key] = priority;
        }
    }

    /// <summary>Waits for a key; whoever gets it owes a <see cref="Done"/>. Null once the queue is shut down and drained.</summary>
    public async ValueTask<ResourceKey?> GetAsync(CancellationToken cancellationToken)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellationToken))
        {
            lock (_lock)
            {
                if (!_ready.Reader.TryRead(out _)) continue; // Another worker was faster.
                var (key, priority) = _line.Take();
                _processing.Add(key, priority);
                metrics.Got(key);
                return key;
            }
        }

        return null;
    }

    /// <summary>The priority with which a worker got the key that it has.</summary>
    public Priority PriorityOf(ResourceKey key)
    {
        lock (_lock) return _processing.GetValueOrDefault(key);
    }

    /// <summary>Says that the worker is through with the key.</summary>
    public void Done(ResourceKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            metrics.Done(key);
            if (_again.Remove(key, out var priority)) Enqueue(key, priority);
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

    // False if it is in line already.
    private bool Enqueue(ResourceKey key, Priority priority)
    {
        if (!_line.Join(key, priority)) return false;
        metrics.Queued();
        return _ready.Writer.TryWrite(true); // Unbounded, and open as long as anything is to be processed: never refused.
    }

    private void CompleteIfDrained()
    {
        if (_shuttingDown && _line.Count == 0 && _processing.Count == 0) _ready.Writer.TryComplete();
    }
}
