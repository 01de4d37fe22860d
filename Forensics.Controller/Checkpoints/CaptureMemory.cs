using System.Collections.Concurrent;
using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>What this process remembers of captures in progress. It only spares requests: plans are immutable, so a remembered one is
/// never wrong, nothing is decided by when a log was last read, and that a PodCheckpoint is gone is asked live.</summary>
internal sealed class CaptureMemory(TimeProvider time)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, StoredPlan> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _progressReads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ResourceKey, string> _uids = new();

    /// <summary>A PodCheckpoint that is not final was looked at.</summary>
    public void Met(PodCheckpoint checkpoint) => _uids[CaptureIdentity.KeyOf(checkpoint)] = checkpoint.Metadata.Uid;

    /// <summary>The last bearer of the name that this process has to do with; null if there is none.</summary>
    public string? UidOf(ResourceKey key) => _uids.GetValueOrDefault(key);

    public StoredPlan? PlanOf(string uid) => _plans.GetValueOrDefault(uid);

    public void Remember(string uid, StoredPlan plan)
    {
        if (plan.Content is not null) _plans[uid] = plan;
    }

    /// <summary>How long until the agent's log may be read again; zero if now, and then the interval starts anew. It starts when this is
    /// first asked: an agent that has just begun has nothing to say, and most captures are short.</summary>
    public TimeSpan UntilProgressRead(string uid)
    {
        var last = _progressReads.GetOrAdd(uid, static (_, clock) => clock.GetTimestamp(), time);
        if (time.GetElapsedTime(last) is var elapsed && elapsed < ProgressInterval) return ProgressInterval - elapsed;

        _progressReads[uid] = time.GetTimestamp();
        return TimeSpan.Zero;
    }

    public void Forget(ResourceKey key, string uid)
    {
        _plans.TryRemove(uid, out _);
        _progressReads.TryRemove(uid, out _);
        _uids.TryRemove(KeyValuePair.Create(key, uid)); // Its name may have another bearer by now.
    }
}
