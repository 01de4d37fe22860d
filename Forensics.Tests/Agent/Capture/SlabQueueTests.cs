using Forensics.Agent.Capture;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Capture;

/// <summary>A producer that hangs where nothing reaches it, as a reader does in the kernel when a file system does not answer.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SlabQueueTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly TestClock _clock = new();
    private readonly TaskCompletionSource _answer = new();
    private readonly TaskCompletionSource _hangs = new();

    public void Dispose() => _answer.TrySetResult();

    [Test]
    public async Task It_is_given_up_when_it_has_kept_silent_for_too_long_after_what_it_brought()
    {
        var pieces = SlabQueue.ReadAsync(HangAsync, new Patience(Limit, _clock), CancellationToken.None).GetAsyncEnumerator();
        (await Eventually.EndsAsync(pieces.MoveNextAsync().AsTask())).Should().BeTrue();
        pieces.Current.Length.Should().Be(1);

        var next = pieces.MoveNextAsync().AsTask();
        await Eventually.EndsAsync(_hangs.Task);
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(Limit);
                return next.IsCompleted;
            },
            "the limit has passed");

        await FluentActions.Awaiting(() => next).Should().ThrowAsync<TimeoutException>();
    }

    [Test]
    public async Task It_holds_up_nobody_who_stops_listening()
    {
        using var stop = new CancellationTokenSource();
        var pieces = SlabQueue.ReadAsync(HangAsync, null, stop.Token).GetAsyncEnumerator(stop.Token);
        (await Eventually.EndsAsync(pieces.MoveNextAsync().AsTask())).Should().BeTrue();
        var next = pieces.MoveNextAsync().AsTask();
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => Eventually.EndsAsync(next)).Should().ThrowAsync<OperationCanceledException>();
    }

    private Task HangAsync(SlabQueue slabs, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            slabs.GetSpan(1)[0] = 1;
            slabs.Advance(1);
            slabs.GetMemory(256 * 1024); // No room beside it: what there is goes out.
            _hangs.SetResult();
            _answer.Task.GetAwaiter().GetResult();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
