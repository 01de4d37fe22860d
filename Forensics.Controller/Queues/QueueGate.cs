using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>Between the caches and the queue: keys pass only once somebody works them off. What a standby sees stays in its caches, or
/// its queue would grow for as long as it stands by, with keys of what is long gone.</summary>
internal sealed class QueueGate(RateLimitingQueue queue)
{
    private volatile bool _isOpen;

    /// <summary>Puts the key on the queue, if the gate is open.</summary>
    public void Add(ResourceKey key, Priority priority = Priority.Normal)
    {
        if (_isOpen) queue.Add(key, priority);
    }

    /// <summary>For good. Whoever opens it has the caches tell what they hold afterwards, so that nothing falls between.</summary>
    public void Open() => _isOpen = true;
}
