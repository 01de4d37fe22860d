using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Fakes;

/// <summary>A clock that stands still until told otherwise, and knows whether something is under way that it is to end in time.</summary>
/// <param name="timeout">By which such a thing is known.</param>
internal sealed class TimeoutClock(TimeSpan timeout) : FakeTimeProvider
{
    private int _underWay;

    public bool HasSomethingUnderWay => Volatile.Read(ref _underWay) > 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        return dueTime == timeout ? new TimeLimit(timer, this) : timer;
    }

    private sealed class TimeLimit : ITimer
    {
        private readonly ITimer _timer;
        private TimeoutClock? _clock;

        public TimeLimit(ITimer timer, TimeoutClock clock)
        {
            (_timer, _clock) = (timer, clock);
            Interlocked.Increment(ref clock._underWay);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

        public void Dispose()
        {
            _timer.Dispose();
            if (Interlocked.Exchange(ref _clock, null) is { } clock) Interlocked.Decrement(ref clock._underWay);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
