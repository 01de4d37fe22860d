using System.Collections.Concurrent;
using System.Globalization;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Forensics.Controller.Reconciling;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Metrics = Forensics.Controller.Metrics;

namespace Forensics.Tests.Controller.Reconciling;

internal sealed class ControllerTests
{
    private static readonly ResourceKey A = new("ns", "a");
    private static readonly ResourceKey B = new("ns", "b");

    private FakeTimeProvider _clock = null!;
    private Metrics _metrics = null!;
    private RateLimitingQueue _queue = null!;
    private ScriptedReconciler _reconciler = null!;
    private CancellationTokenSource _cancel = null!;
    private Task _running = null!;

    [SetUp]
    public void MakeController()
    {
        _clock = new FakeTimeProvider();
        _metrics = TestMetrics.Create();
        _queue = new RateLimitingQueue("test", _metrics, _clock);
        _reconciler = new ScriptedReconciler();
        _cancel = new CancellationTokenSource();
        _running = Task.CompletedTask;
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _cancel.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _queue.Dispose();
        _cancel.Dispose();
    }

    [Test]
    public async Task Done_means_that_nothing_happens_until_the_key_is_added_again()
    {
        Run();
        _queue.Add(A);
        await CallsAsync(1);
        await CountedAsync("success", 1);
        _clock.Advance(TimeSpan.FromDays(1));
        _queue.Add(A);
        await CallsAsync(2);
    }

    [Test]
    public async Task A_requeue_after_brings_the_key_back_after_that_time()
    {
        _reconciler.Outcomes.Enqueue(_ => Task.FromResult(Result.After(TimeSpan.FromSeconds(30))));
        Run();
        _queue.Add(A);
        await CountedAsync("requeue_after", 1);
        _clock.Advance(TimeSpan.FromSeconds(29));
        _reconciler.Calls.Should().HaveCount(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await CallsAsync(2);

        (await _metrics.ScrapeAsync()).Should().Contain("""workqueue_retries_total{name="test",controller="test"} 1""", "so does client-go count it");
    }

    [Test]
    public async Task An_error_brings_the_key_back_after_a_back_off_that_grows_until_it_succeeds()
    {
        _reconciler.Outcomes.Enqueue(_ => throw new InvalidOperationException("once"));
        _reconciler.Outcomes.Enqueue(_ => throw new InvalidOperationException("twice"));
        Run();
        _queue.Add(A);
        await CountedAsync("error", 1);
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        await CountedAsync("error", 2);
        _queue.NumRequeues(A).Should().Be(2);
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        _reconciler.Calls.Should().HaveCount(2, "the second back-off is 10 ms");
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        await CountedAsync("success", 1);
        await Eventually.IsTrueAsync(() => _queue.NumRequeues(A) == 0, "success forgets the errors");

        (await _metrics.ScrapeAsync()).Should().Contain("""controller_runtime_reconcile_errors_total{controller="test"} 2""")
            .And.Contain("""workqueue_retries_total{name="test",controller="test"} 2""");
    }

    [Test]
    public async Task Workers_work_side_by_side_but_never_on_one_key()
    {
        var release = new TaskCompletionSource();
        for (var i = 0; i < 2; i++)
        {
            _reconciler.Outcomes.Enqueue(async _ =>
            {
                await release.Task;
                return Result.Done;
            });
        }

        Run(workers: 4);
        _queue.Add(A);
        await CallsAsync(1);
        _queue.Add(A);
        _queue.Add(B);
        await CallsAsync(2);

        _reconciler.Calls.Should().BeEquivalentTo([A, B], "A is in a worker's hands");
        (await _metrics.ScrapeAsync()).Should().Contain("""controller_runtime_active_workers{controller="test"} 2""")
            .And.Contain("""controller_runtime_max_concurrent_reconciles{controller="test"} 4""");
        release.SetResult();
        await CallsAsync(3);
    }

    [Test]
    public async Task Shut_down_it_finishes_what_is_in_hand_and_queued_and_ends()
    {
        var release = new TaskCompletionSource();
        _reconciler.Outcomes.Enqueue(async _ =>
        {
            await release.Task;
            return Result.Done;
        });
        Run(workers: 1);
        _queue.Add(A);
        _queue.Add(B);
        await CallsAsync(1);
        _queue.ShutDown();
        release.SetResult();
        await Eventually.EndsAsync(_running);

        _reconciler.Calls.Should().Equal(A, B);
    }

    [Test]
    public async Task Cancelled_it_breaks_off_what_is_in_hand()
    {
        _reconciler.Outcomes.Enqueue(async token =>
        {
            await Never.EndsAsync(token);
            return Result.Done;
        });
        Run();
        _queue.Add(A);
        await CallsAsync(1);
        await _cancel.CancelAsync();

        await FluentActions.Awaiting(() => Eventually.EndsAsync(_running)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Metrics_bear_the_names_that_dashboards_know()
    {
        var working = new TaskCompletionSource<Result>();
        _reconciler.Outcomes.Enqueue(_ => working.Task);
        Run(workers: 1);
        _queue.Add(A);
        await CallsAsync(1);
        _queue.Add(B);
        _clock.Advance(TimeSpan.FromSeconds(7));

        (await _metrics.ScrapeAsync()).Should().Contain(
        [
            """workqueue_depth{name="test",controller="test"} 1""",
            """workqueue_adds_total{name="test",controller="test"} 2""",
            """workqueue_unfinished_work_seconds{name="test",controller="test"} 7""",
            """workqueue_longest_running_processor_seconds{name="test",controller="test"} 7""",
            """controller_runtime_reconcile_total{controller="test",result="requeue"} 0""",
        ]);
        working.SetResult(Result.Done);
        await CountedAsync("success", 2);
        (await _metrics.ScrapeAsync()).Should().Contain(
        [
            """workqueue_depth{name="test",controller="test"} 0""",
            """workqueue_queue_duration_seconds_sum{name="test",controller="test"} 7""",
            """workqueue_work_duration_seconds_sum{name="test",controller="test"} 7""",
            """controller_runtime_reconcile_time_seconds_sum{controller="test"} 7""",
        ]);
    }

    // A dashboard's panel of quantiles is wrong without a word where the edges are others.
    [TestCase("workqueue_queue_duration_seconds", 12, 1e-8, 1000)]
    [TestCase("workqueue_work_duration_seconds", 12, 1e-8, 1000)]
    [TestCase("controller_runtime_reconcile_time_seconds", 40, 0.005, 60)]
    public async Task Durations_are_counted_up_to_the_edges_that_dashboards_know(string histogram, int edges, double first, double last)
    {
        Run();
        _queue.Add(A);
        await CountedAsync("success", 1);

        var scraped = await _metrics.ScrapeAsync();
        var found = scraped.Where(line => line.StartsWith($"{histogram}_bucket", StringComparison.Ordinal))
            .Select(line => line.Split("le=\"")[1].Split('"')[0]).Where(edge => edge != "+Inf").Select(edge => double.Parse(edge, CultureInfo.InvariantCulture)).ToList();
        found.Should().HaveCount(edges).And.BeInAscendingOrder();
        found[0].Should().BeApproximately(first, first / 1000);
        found[^1].Should().BeApproximately(last, last / 1000);
    }

    private void Run(int workers = 2)
    {
        var controller = new Forensics.Controller.Reconciling.Controller(
            "test", _reconciler, _queue, _metrics, _clock, NullLogger<Forensics.Controller.Reconciling.Controller>.Instance);
        _running = controller.RunAsync(workers, _cancel.Token);
    }

    private Task CallsAsync(int count) => Eventually.IsTrueAsync(() => _reconciler.Calls.Count >= count, $"{count} reconciles");

    private Task CountedAsync(string result, int count) => Eventually.IsTrueAsync(
        async () => (await _metrics.ScrapeAsync()).Contains($$"""controller_runtime_reconcile_total{controller="test",result="{{result}}"} {{count}}"""),
        $"{count} with result {result}");

    /// <summary>Does what the test says, in order; after that everything is done.</summary>
    private sealed class ScriptedReconciler : IReconciler
    {
        public ConcurrentQueue<Func<CancellationToken, Task<Result>>> Outcomes { get; } = new();

        public ConcurrentQueue<ResourceKey> Calls { get; } = new();

        public Task<Result> ReconcileAsync(ResourceKey key, CancellationToken cancellationToken)
        {
            Calls.Enqueue(key);
            return Outcomes.TryDequeue(out var outcome) ? outcome(cancellationToken) : Task.FromResult(Result.Done);
        }
    }
}
