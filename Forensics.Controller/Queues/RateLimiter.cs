using Forensics.Controller.Informers;

namespace Forensics.Controller.Queues;

/// <summary>How long a key that failed must wait: the longer of its own back-off, which doubles with every failure in a row,
/// and its turn in a bucket shared by all keys, so that many failing keys together cannot storm the API server.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    public static readonly TimeSpan BaseDelay = TimeSpan.FromMilliseconds(5);
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1000);
    public const double RetriesPerSecond = 10;
    public const int Burst = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, int> _failures = [];
    private readonly long _start = time.GetTimestamp();

    // Tokens in the bucket at _counted. Below zero: that many are promised already.
    private double _tokens = Burst;
    private TimeSpan _counted;

    /// <summary>Counts one more failure of the key and says how long it has to wait.</summary>
    public TimeSpan When(ResourceKey key)
    {
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            var own = TimeSpan.FromSeconds(Math.Min(BaseDelay.TotalSeconds * Math.Pow(2, failures), MaxDelay.TotalSeconds));
            var turn = TakeToken();
            return own > turn ? own : turn;
        }
    }

    /// <summary>The key is well again: its back-off starts anew.</summary>
    public void Forget(ResourceKey key)
    {
        lock (_lock) _failures.Remove(key);
    }

    /// <summary>Failures in a row.</summary>
    public int NumRequeues(ResourceKey key)
    {
        lock (_lock) return _failures.GetValueOrDefault(key);
    }

    private TimeSpan TakeToken()
    {
        var now = time.GetElapsedTime(_start);
        _tokens = Math.Min(Burst, _tokens + ((now - _counted).TotalSeconds * RetriesPerSecond)) - 1;
        _counted = now;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / RetriesPerSecond);
    }
}
