using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Fakes;

/// <summary>A clock that stands still until told otherwise, and that knows which pauses the code under test takes.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    // Longer ones are deadlines and periods, not pauses.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= LongestPause) _pauses.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until the code under test pauses, and says for how long.</summary>
    public Task<TimeSpan> NextPauseAsync() => Eventually.EndsAsync(_pauses.Reader.ReadAsync().AsTask());

    /// <summary>Waits until the code under test pauses, lets that time pass, and says how long it was.</summary>
    public async Task<TimeSpan> LetNextPauseEndAsync()
    {
        var pause = await NextPauseAsync();
        Advance(pause);
        return pause;
    }

    /// <summary>No pause was taken, beyond those that were let end.</summary>
    public bool NothingPaused => _pauses.Reader.Count == 0;
}
