using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Why a capture ended before its end.</summary>
internal sealed record CaptureStop(string Reason, string Message);

/// <summary>How long a capture may go on. It is stopped by a signal, by its deadline, or by a store that takes no more;
/// after that there is a short grace in which the sums and the manifest may still be written.</summary>
internal sealed class CaptureLifetime : IDisposable
{
    /// <summary>Well within the 30 s that a kubelet leaves between SIGTERM and SIGKILL.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _reading = new();
    private readonly CancellationTokenSource _closing;
    private readonly ITimer? _deadline;
    private CaptureStop? _stop;

    /// <param name="deadline">From now; null for none.</param>
    public CaptureLifetime(TimeSpan? deadline, TimeProvider clock)
    {
        _closing = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        if (deadline is not { } limit) return;
        _deadline = clock.CreateTimer(
            _ => Stop(Reasons.DeadlineExceeded, $"The capture did not end within its deadline of {limit.TotalSeconds:0} s."),
            null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the capture is stopped.</summary>
    public CancellationToken Reading => _reading.Token;

    /// <summary>For what closes the folder: cancelled when the grace is over too.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Null while it may go on. The first stop counts.</summary>
    public CaptureStop? Stopped => Volatile.Read(ref _stop);

    public void Stop(string reason, string message)
    {
        if (Interlocked.CompareExchange(ref _stop, new CaptureStop(reason, message), null) is not null) return;
        _closing.CancelAfter(Grace);
        _reading.Cancel();
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        _reading.Dispose();
        _closing.Dispose();
    }
}
