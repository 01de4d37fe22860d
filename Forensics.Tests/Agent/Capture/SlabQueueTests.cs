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
    private volatile int _produced;

    public void Dispose() => _answer.TrySetResult();

    [Test]
    public async Task It_is_given_up_when_it_has_kept_silent_for_too_long_after_what_it_brought()
    {
        var pieces = SlabQueue.ReadAsync(HangAsync, inspect: null, new Patience(Limit, _clock), CancellationToken.None).GetAsyncEnumerator();
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
    public async Task One_that_has_nothing_to_say_but_gives_signs_of_life_is_waited_for()
    {
        var (signs, isSilent) = (0, true);
        var limit = TimeSpan.FromMinutes(1);
        var pieces = SlabQueue.ReadAsync(
            async (slabs, token) =>
            {
                while (Volatile.Read(ref isSilent))
                {
                    slabs.IsAlive();
                    Interlocked.Increment(ref signs);
                    await Task.Yield();
                }

                (await slabs.GetMemoryAsync(token)).Span[0] = 1;
                slabs.Advance(1);
            },
            inspect: null, new Patience(limit, _clock), CancellationToken.None);
        var reading = Task.Run(async () => await pieces.CountAsync());

        for (var i = 0; i < 3; i++)
        {
            (await _clock.NextPauseAsync()).Should().Be(limit);
            var before = Volatile.Read(ref signs);
            await Eventually.IsTrueAsync(() => Volatile.Read(ref signs) > before + 1, "there was a sign since");
            _clock.Advance(limit);
        }

        Volatile.Write(ref isSilent, false);
        (await Eventually.EndsAsync(reading)).Should().Be(1);
    }

    [Test]
    public async Task It_holds_up_nobody_who_stops_listening()
    {
        using var stop = new CancellationTokenSource();
        var pieces = SlabQueue.ReadAsync(HangAsync, null, null, stop.Token).GetAsyncEnumerator(stop.Token);
        (await Eventually.EndsAsync(pieces.MoveNextAsync().AsTask())).Should().BeTrue();
        var next = pieces.MoveNextAsync().AsTask();
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => Eventually.EndsAsync(next)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task What_is_yielded_has_been_inspected_in_the_same_order()
    {
        var inspected = new List<byte>();
        var yielded = new List<byte>();

        await foreach (var piece in SlabQueue.ReadAsync(Produce(pieces: 30), Inspect(inspected.Add), null, CancellationToken.None))
        {
            yielded.Add(piece.Span[0]);
            inspected.Should().Contain(piece.Span[0]);
        }

        yielded.Should().Equal(Enumerable.Range(0, 30).Select(i => (byte)i));
        inspected.Should().Equal(yielded);
    }

    [Test]
    public async Task What_came_before_an_error_is_inspected_and_yielded()
    {
        var inspected = new List<byte>();
        var yielded = new List<byte>();
        var read = async () =>
        {
            await foreach (var piece in SlabQueue.ReadAsync(Produce(pieces: 5, new IOException("torn")), Inspect(inspected.Add), null, CancellationToken.None))
                yielded.Add(piece.Span[0]);
        };

        await read.Should().ThrowAsync<IOException>().WithMessage("torn");
        inspected.Should().Equal(0, 1, 2, 3, 4);
        yielded.Should().Equal(inspected);
    }

    [Test]
    public async Task An_inspection_that_fails_ends_it_all_with_its_error()
    {
        var read = async () =>
        {
            await foreach (var piece in SlabQueue.ReadAsync(
                Produce(pieces: 30), Inspect(first => throw new InvalidOperationException($"at {first}")), null, CancellationToken.None))
            {
                piece.Length.Should().Be(0, "nothing passed the inspection");
            }
        };

        await FluentActions.Awaiting(() => Eventually.EndsAsync(read())).Should().ThrowAsync<InvalidOperationException>().WithMessage("at 0");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_producer_that_waits_for_others_is_not_taken_for_one_that_hangs(bool theInspectionIsSlow)
    {
        var (isHeldUp, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        async ValueTask HoldUpAsync()
        {
            isHeldUp.TrySetResult();
            await goOn.Task;
        }

        var pieces = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var piece in SlabQueue.ReadAsync(
                Produce(pieces: 30), async (_, _) => await (theInspectionIsSlow ? HoldUpAsync() : default), new Patience(Limit, _clock), CancellationToken.None))
            {
                pieces++;
                if (!theInspectionIsSlow) await HoldUpAsync();
            }
        });
        await Eventually.EndsAsync(isHeldUp.Task);
        await Eventually.IsTrueAsync(() => _produced == 7, "the producer has used up what memory there is");
        for (var i = 0; i < 10; i++) _clock.Advance(Limit);
        goOn.SetResult();

        await Eventually.EndsAsync(reading);
        pieces.Should().Be(30);
    }

    private static Inspection Inspect(Action<byte> first) => (bytes, _) =>
    {
        first(bytes.Span[0]);
        return ValueTask.CompletedTask;
    };

    /// <summary>Each piece is full of its number.</summary>
    private Func<SlabQueue, CancellationToken, Task> Produce(int pieces, Exception? end = null) => (slabs, token) => Task.Run(() =>
    {
        for (var i = 0; i < pieces; i++)
        {
            var slab = slabs.GetSpan(256 * 1024);
            slab.Fill((byte)i);
            slabs.Advance(slab.Length);
            _produced = i;
        }

        if (end is not null) throw end;
    }, token);

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
