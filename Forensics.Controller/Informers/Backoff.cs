namespace Forensics.Controller.Informers;

/// <summary>client-go's pause between attempts to reach the API server: 800 ms, doubled every time up to 30 s, plus up to as
/// much again at random, so that a thousand clients of a server that was restarted do not come back all at once. Two quiet
/// minutes start it anew.</summary>
internal sealed class Backoff(TimeProvider time)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan QuietTime = TimeSpan.FromMinutes(2);

    private TimeSpan _base = First;
    private long? _lastUsed;

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), time, cancellationToken);

    public TimeSpan Next()
    {
        if (_lastUsed is { } last && time.GetElapsedTime(last) >= QuietTime + _base) _base = First;
        _lastUsed = time.GetTimestamp();
        var delay = _base * (1 + Jitter.Next());
        _base = _base * 2 < Longest ? _base * 2 : Longest;
        return delay;
    }
}
