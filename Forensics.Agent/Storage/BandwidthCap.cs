namespace Forensics.Agent.Storage;

/// <summary>Spreads what is stored over time: no more than so many bytes a second, all objects together.</summary>
internal sealed class BandwidthCap(long bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();

    /// <summary>Since the start: when all that was let through until now has had its time.</summary>
    private TimeSpan _busyUntil;

    /// <summary>Ends when the bytes may go on. Idle time is not made up for later.</summary>
    public Task WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = clock.GetElapsedTime(_start);
            wait = _busyUntil - now;
            _busyUntil = (wait > TimeSpan.Zero ? _busyUntil : now) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, cancellationToken) : Task.CompletedTask;
    }
}
