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
        AddAfter,
        AddRateLimited,
        Forget,
        Get,
        Done,
        Wait,
    }

    private static readonly Gen<(Step Step, ResourceKey Key, int Milliseconds)> AnyStep = Gen.Select(
        Gen.Enum<Step>(), Gen.Int[0, 3].Select(i => new ResourceKey("ns", $"{i}")), Gen.Int[1, 60]);

    [Test]
    public Task Every_interleaving_behaves_as_the_model_and_ends_drained() => AnyStep.Array[1, 60].SampleAsync(async steps =>
    {
        var clock = new FakeTimeProvider();
        using var queue = new RateLimitingQueue("test", TestMetrics.Create(), clock);
        var model = new Model();
        foreach (var (step, key, milliseconds) in steps)
        {
            switch (step)
            {
                case Step.Add: queue.Add(key); model.Add(key); break;
                case Step.AddAfter: queue.AddAfter(key, TimeSpan.FromMilliseconds(milliseconds)); model.AddAfter(key, milliseconds); break;
                case Step.AddRateLimited: queue.AddRateLimited(key); model.AddRateLimited(key); break;
                case Step.Forget: queue.Forget(key); model.Failures.Remove(key); break;
                case Step.Get: model.Got(await queue.TakeAsync()); break;
                case Step.Done when model.Processing.Contains(key): queue.Done(key); model.Done(key); break;
                case Step.Wait: clock.Advance(TimeSpan.FromMilliseconds(milliseconds)); model.Wait(milliseconds); break;
            }

            queue.NumRequeues(key).Should().Be(model.Failures.GetValueOrDefault(key));
        }

        await DrainAsync(queue, model, clock);
    });

    // What is queued, or comes back, is still handed out; what waits for a later time is not, and nothing new is taken.
    private static async Task DrainAsync(RateLimitingQueue queue, Model model, FakeTimeProvider clock)
    {
        queue.ShutDown();
        queue.Add(new ResourceKey("ns", "too late"));
        queue.AddAfter(new ResourceKey("ns", "too late as well"), TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromHours(1));
        while (model.Ready.Count + model.Processing.Count > 0)
        {
            foreach (var key in model.Processing.ToList())
            {
                queue.Done(key);
                model.Done(key);
            }

            if (model.Ready.Count > 0) model.Got(await queue.TakeAsync());
        }

        (await Eventually.EndsAsync(queue.GetAsync(CancellationToken.None).AsTask())).Should().BeNull("it is drained");
    }

    // What the queue promises: a key is ready or in one worker's hands, waits once at its earliest time, and is never lost.
    private sealed class Model
    {
        private readonly HashSet<ResourceKey> _again = [];
        private readonly Dictionary<ResourceKey, double> _due = [];
        private double _now;

        public HashSet<ResourceKey> Ready { get; } = [];

        public HashSet<ResourceKey> Processing { get; } = [];

        public Dictionary<ResourceKey, int> Failures { get; } = [];

        public void Add(ResourceKey key) => (Processing.Contains(key) ? _again : Ready).Add(key);

        public void AddAfter(ResourceKey key, double milliseconds) =>
            _due[key] = Math.Min(_due.GetValueOrDefault(key, double.MaxValue), _now + milliseconds);

        public void AddRateLimited(ResourceKey key)
        {
            var failures = Failures.GetValueOrDefault(key);
            Failures[key] = failures + 1;
            AddAfter(key, Math.Min(RateLimiter.BaseDelay.TotalMilliseconds * Math.Pow(2, failures), RateLimiter.MaxDelay.TotalMilliseconds));
        }

        public void Wait(double milliseconds)
        {
            _now += milliseconds;
            foreach (var (key, _) in _due.Where(pair => pair.Value <= _now).ToList())
            {
                _due.Remove(key);
                Add(key);
            }
        }

        public void Got(ResourceKey? key)
        {
            if (key is not { } taken)
            {
                Ready.Should().BeEmpty("a key that is ready is handed out");
                return;
            }

            Ready.Remove(taken).Should().BeTrue("it was ready");
            Processing.Add(taken).Should().BeTrue("no two workers have a key at once");
        }

        public void Done(ResourceKey key)
        {
            Processing.Remove(key);
            if (_again.Remove(key)) Ready.Add(key);
        }
    }
}
