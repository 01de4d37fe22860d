using CsCheck;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller.Queues;

/// <summary>The queue as a whole, with all that a controller does to it in any order, on a clock that stands still.</summary>
internal sealed class RateLimitingQueuePropertyTests
{
    private enum Step
    {
        Add,
        AddLow,
        AddAfter,
        AddRateLimited,
        EmptyTheBucket,
        Forget,
        Get,
        Done,
        Wait,
    }

    private static readonly Gen<(Step Step, ResourceKey Key, int N)> AnyStep = Gen.Select(
        Gen.Enum<Step>(), Gen.Int[0, 5].Select(i => new ResourceKey("ns", $"{i}")), Gen.Int[1, 60]);

    [Test]
    public Task Every_interleaving_behaves_as_the_model_and_ends_drained() => AnyStep.Array[1, 80].SampleAsync(async steps =>
    {
        var clock = new FakeTimeProvider();
        using var queue = new RateLimitingQueue("test", TestMetrics.Create(), clock);
        var model = new QueueModel();
        foreach (var (step, key, n) in steps)
        {
            switch (step)
            {
                case Step.Add: queue.Add(key); model.Add(key, Priority.Normal); break;
                case Step.AddLow: queue.Add(key, Priority.Low); model.Add(key, Priority.Low); break;
                case Step.AddAfter: queue.AddAfter(key, Milliseconds(n)); model.AddAfter(key, Milliseconds(n)); break;
                case Step.AddRateLimited: queue.AddRateLimited(key); model.AddRateLimited(key); break;
                case Step.EmptyTheBucket: FailOften(queue, model, key, 2 * n); break;
                case Step.Forget: queue.Forget(key); model.Forget(key); break;
                case Step.Get: (await queue.TakeAsync()).Should().Be(model.Get()); break;
                case Step.Done when model.HasInHand(key): queue.Done(key); model.Done(key); break;
                case Step.Wait: clock.Advance(Odd(n)); model.Wait(Odd(n)); break;
            }

            queue.NumRequeues(key).Should().Be(model.FailuresOf(key));
        }

        await DrainAsync(queue, model, clock);
    });

    // More than the bucket of a hundred holds; forgotten each time, so that it is the bucket that makes keys wait.
    private static void FailOften(RateLimitingQueue queue, QueueModel model, ResourceKey key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            queue.AddRateLimited(key);
            model.AddRateLimited(key);
            queue.Forget(key);
            model.Forget(key);
        }
    }

    private static TimeSpan Milliseconds(int n) => TimeSpan.FromMilliseconds(n);

    // All that is waited for are whole milliseconds, so that with two ticks more each time no rounding decides whether a key is due.
    // Now and then it is time for the bucket to fill again.
    private static TimeSpan Odd(int n) => Milliseconds(n > 55 ? 100 * n : n) + TimeSpan.FromTicks(2);

    // What is queued, or comes back, is still handed out; what waits for a later time is not, and nothing new is taken.
    private static async Task DrainAsync(RateLimitingQueue queue, QueueModel model, FakeTimeProvider clock)
    {
        queue.ShutDown();
        queue.Add(new ResourceKey("ns", "too late"));
        queue.AddAfter(new ResourceKey("ns", "too late as well"), TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromHours(1));
        while (!model.IsEmpty)
        {
            foreach (var key in model.InHand.ToList())
            {
                queue.Done(key);
                model.Done(key);
            }

            if (model.Get() is { } next) (await queue.TakeAsync()).Should().Be(next);
        }

        (await Eventually.EndsAsync(queue.GetAsync(CancellationToken.None).AsTask())).Should().BeNull("it is drained");
    }
}
