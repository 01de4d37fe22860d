using CsCheck;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller.Queues;

internal sealed class DelayingQueueTests
{
    private static readonly ResourceKey A = new("ns", "a");

    private readonly FakeTimeProvider _clock = new();
    private WorkQueue _queue = null!;
    private DelayingQueue _delaying = null!;

    [SetUp]
    public void MakeQueue()
    {
        _queue = new WorkQueue(TestMetrics.ForQueue());
        _delaying = new DelayingQueue(_queue, _clock);
    }

    [TearDown]
    public void DisposeQueue() => _delaying.Dispose();

    [Test]
    public async Task A_key_comes_when_its_time_has_come()
    {
        _delaying.AddAfter(A, TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        (await _queue.TakeAsync()).Should().BeNull();
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        (await _queue.TakeAsync()).Should().Be(A);
    }

    [TestCase(10, 3)]
    [TestCase(3, 10)]
    public async Task Asked_for_twice_a_key_comes_once_at_the_earlier_time(int first, int second)
    {
        _delaying.AddAfter(A, TimeSpan.FromSeconds(first));
        _delaying.AddAfter(A, TimeSpan.FromSeconds(second));
        _clock.Advance(TimeSpan.FromSeconds(3));
        (await _queue.TakeAsync()).Should().Be(A);
        _queue.Done(A);
        _clock.Advance(TimeSpan.FromSeconds(20));
        (await _queue.TakeAsync()).Should().BeNull();
    }

    [TestCase(Priority.Low, Priority.Normal)]
    [TestCase(Priority.Normal, Priority.Low)]
    public async Task Asked_for_twice_a_key_comes_with_the_higher_priority(Priority first, Priority second)
    {
        _delaying.AddAfter(A, TimeSpan.FromSeconds(3), first);
        _delaying.AddAfter(A, TimeSpan.FromSeconds(10), second);
        _clock.Advance(TimeSpan.FromSeconds(3));

        await _queue.TakeAsync();
        _queue.PriorityOf(A).Should().Be(Priority.Normal);
    }

    [Test]
    public async Task A_delay_of_nothing_adds_at_once()
    {
        _delaying.AddAfter(A, TimeSpan.Zero);
        (await _queue.TakeAsync()).Should().Be(A);
    }

    [Test]
    public async Task A_wait_longer_than_a_timer_can_take_is_kept_too()
    {
        _delaying.AddAfter(A, TimeSpan.FromDays(60));
        _clock.Advance(TimeSpan.FromDays(59));
        (await _queue.TakeAsync()).Should().BeNull();
        _clock.Advance(TimeSpan.FromDays(1));
        (await _queue.TakeAsync()).Should().Be(A);
    }

    [Test]
    public async Task Disposed_it_drops_what_waits()
    {
        _delaying.AddAfter(A, TimeSpan.FromSeconds(1));
        _delaying.Dispose();
        _delaying.AddAfter(A, TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await _queue.TakeAsync()).Should().BeNull();
    }

    [Test]
    public Task Whatever_is_asked_for_each_key_comes_once_at_its_earliest_time() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[1, 40]).Array[1, 40].SampleAsync(async steps =>
        {
            var clock = new FakeTimeProvider();
            var queue = new WorkQueue(TestMetrics.ForQueue());
            using var delaying = new DelayingQueue(queue, clock);
            var now = 0;
            var due = new Dictionary<ResourceKey, int>();
            foreach (var (adds, number, milliseconds) in steps)
            {
                if (adds)
                {
                    var key = new ResourceKey("ns", $"{number}");
                    delaying.AddAfter(key, TimeSpan.FromMilliseconds(milliseconds));
                    due[key] = Math.Min(due.GetValueOrDefault(key, int.MaxValue), now + milliseconds);
                    continue;
                }

                clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                now += milliseconds;
                var expected = due.Where(pair => pair.Value <= now).Select(pair => pair.Key).ToList();
                (await TakeAllAsync(queue)).Should().BeEquivalentTo(expected);
                expected.ForEach(key => due.Remove(key));
            }
        });

    private static async Task<List<ResourceKey>> TakeAllAsync(WorkQueue queue)
    {
        var keys = new List<ResourceKey>();
        while (await queue.TakeAsync() is { } key)
        {
            keys.Add(key);
            queue.Done(key);
        }

        return keys;
    }
}
