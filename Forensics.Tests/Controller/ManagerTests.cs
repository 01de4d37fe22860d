using System.Collections.Concurrent;
using Forensics.Controller;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Forensics.Controller.Reconciling;
using Forensics.Tests.Fakes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller;

internal sealed class ManagerTests
{
    private static readonly ResourceKey Key = new("ns", "a");

    private readonly ConcurrentQueue<ResourceKey> _reconciled = new();
    private Func<CancellationToken, Task> _work = null!;
    private int _chores;
    private FakeTimeProvider _clock = null!;
    private RateLimitingQueue _queue = null!;
    private QueueGate _gate = null!;
    private StubInformer _informer = null!;
    private LeaseServer _leases = null!;
    private Kubernetes _kubernetes = null!;
    private CancellationTokenSource _stop = null!;

    [SetUp]
    public async Task MakeAsync()
    {
        _clock = new FakeTimeProvider();
        _queue = new RateLimitingQueue("test", TestMetrics.Create(), _clock);
        _gate = new QueueGate(_queue);
        _informer = new StubInformer { TellingAll = () => _gate.Add(Key) };
        _leases = await LeaseServer.StartAsync();
        _kubernetes = _leases.Connect();
        _stop = new CancellationTokenSource();
        _work = _ => Task.CompletedTask;
        _reconciled.Clear();
        _chores = 0;
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        _queue.Dispose();
        _kubernetes.Dispose();
        await _leases.DisposeAsync();
        _stop.Dispose();
    }

    [Test]
    public async Task Workers_start_once_the_caches_are_synced()
    {
        var manager = Make(leadership: null);
        var running = manager.RunAsync(_stop.Token);
        await Eventually.EndsAsync(_informer.Started);
        _reconciled.Should().BeEmpty();
        manager.IsWorking.Should().BeFalse();
        _informer.Sync();
        await ReconciledAsync();
        await Eventually.IsTrueAsync(() => manager.IsWorking, "it says so");
        await Eventually.IsTrueAsync(() => _chores == 1, "the chore was done");
        await _stop.CancelAsync();

        (await Eventually.EndsAsync(running)).Should().BeTrue();
        _informer.Stopped.Should().BeTrue();
        manager.IsWorking.Should().BeFalse();
    }

    [Test]
    public async Task Stopped_before_the_caches_are_synced_it_ends_in_peace()
    {
        var running = Make(leadership: null).RunAsync(_stop.Token);
        await _stop.CancelAsync();

        (await Eventually.EndsAsync(running)).Should().BeTrue();
    }

    [Test]
    public async Task A_standby_keeps_its_caches_warm_and_reconciles_nothing()
    {
        _leases.HoldBy("another");
        _informer.Sync();
        var manager = Make(Leadership());
        var running = manager.RunAsync(_stop.Token);
        await Eventually.IsTrueAsync(() => _leases.Requests > 0, "it asked for the Lease");

        _informer.Started.IsCompleted.Should().BeTrue();
        _reconciled.Should().BeEmpty();
        _chores.Should().Be(0);
        manager.IsWorking.Should().BeFalse();
        await _stop.CancelAsync();
        (await Eventually.EndsAsync(running)).Should().BeTrue();
        _leases.Lease!.HolderIdentity.Should().Be("another");
    }

    [Test]
    public async Task What_a_standby_sees_is_not_queued_until_it_leads()
    {
        _leases.HoldBy("another");
        _informer.Sync();
        var running = Make(Leadership()).RunAsync(_stop.Token);
        await Eventually.IsTrueAsync(() => _leases.Requests > 0, "it asked for the Lease");
        _gate.Add(new ResourceKey("ns", "long-gone"));

        _leases.HoldBy("");
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return !_reconciled.IsEmpty;
            },
            "it leads");
        await _stop.CancelAsync();

        await Eventually.EndsAsync(running);
        _reconciled.Should().Equal(Key);
    }

    [Test]
    public async Task Losing_the_Lease_while_it_finishes_what_is_in_hand_breaks_that_off()
    {
        var brokenOff = WorkUntilBrokenOff();
        _informer.Sync();
        var running = Make(Leadership()).RunAsync(_stop.Token);
        await ReconciledAsync();
        await _stop.CancelAsync();
        _leases.HoldBy("another");
        var step = TimeSpan.FromSeconds(0.5);
        var left = Manager.DrainTimeout - step; // At the bound it would be broken off anyway.
        await Eventually.IsTrueAsync(
            () =>
            {
                if (!running.IsCompleted && (left -= step) > TimeSpan.Zero) _clock.Advance(step);
                return running.IsCompleted;
            },
            "it noticed");

        (await running).Should().BeFalse();
        await Eventually.EndsAsync(brokenOff);
        _leases.Lease!.HolderIdentity.Should().Be("another");
    }

    [Test]
    public async Task Stopped_it_finishes_what_is_in_hand_and_then_gives_the_Lease_back()
    {
        var finish = new TaskCompletionSource();
        _work = _ => finish.Task;
        _informer.Sync();
        var running = Make(Leadership()).RunAsync(_stop.Token);
        await ReconciledAsync();
        await _stop.CancelAsync();
        _leases.Lease!.HolderIdentity.Should().Be("me", "a worker still works");
        finish.SetResult();

        (await Eventually.EndsAsync(running)).Should().BeTrue();
        _leases.Lease!.HolderIdentity.Should().BeNullOrEmpty();
    }

    [Test]
    public async Task A_worker_that_does_not_finish_is_broken_off_at_the_bound()
    {
        _work = Never.EndsAsync;
        _informer.Sync();
        var running = Make(leadership: null).RunAsync(_stop.Token);
        await ReconciledAsync();
        await _stop.CancelAsync();
        await Eventually.IsTrueAsync(
            () =>
            {
                if (!running.IsCompleted) _clock.Advance(Manager.DrainTimeout);
                return running.IsCompleted;
            },
            "the bound has passed");

        (await running).Should().BeTrue();
    }

    [Test]
    public async Task Losing_the_Lease_breaks_off_the_work_and_is_no_orderly_end()
    {
        var brokenOff = WorkUntilBrokenOff();
        _informer.Sync();
        var manager = Make(Leadership());
        var running = manager.RunAsync(_stop.Token);
        await ReconciledAsync();
        _leases.HoldBy("another");
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            "it noticed");

        (await running).Should().BeFalse();
        manager.IsWorking.Should().BeFalse();
        await Eventually.EndsAsync(brokenOff);
        _leases.Lease!.HolderIdentity.Should().Be("another");
    }

    [Test]
    public async Task A_cache_that_breaks_is_not_hidden()
    {
        _informer.Sync();
        var running = Make(leadership: null).RunAsync(_stop.Token);
        await ReconciledAsync();
        _informer.Break(new InvalidOperationException("a bug"));

        await FluentActions.Awaiting(() => Eventually.EndsAsync(running)).Should().ThrowAsync<InvalidOperationException>();
    }

    /// <summary>Whatever is reconciled ends only when it is broken off.</summary>
    /// <returns>Done when it was.</returns>
    private Task WorkUntilBrokenOff()
    {
        var brokenOff = new TaskCompletionSource();
        _work = async token =>
        {
            token.Register(brokenOff.SetResult);
            await Never.EndsAsync(token);
        };
        return brokenOff.Task;
    }

    private Leadership Leadership() => new(_kubernetes, "ns", "me", _clock, NullLogger<Leadership>.Instance);

    private Manager Make(Leadership? leadership)
    {
        var controller = new Forensics.Controller.Reconciling.Controller(
            "test", new Reconciler(this), _queue, TestMetrics.Create(), _clock, NullLogger<Forensics.Controller.Reconciling.Controller>.Instance);
        var chore = new Chore("test", DoChoreAsync, TimeSpan.FromMinutes(10), _clock, NullLogger<Chore>.Instance);
        return new Manager([_informer], _queue, _gate, controller, chore, leadership, workers: 2, _clock, NullLogger<Manager>.Instance);
    }

    private Task DoChoreAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _chores);
        return Task.CompletedTask;
    }

    private Task ReconciledAsync() => Eventually.IsTrueAsync(() => !_reconciled.IsEmpty, "it was reconciled");

    private sealed class Reconciler(ManagerTests test) : IReconciler
    {
        public async Task<Result> ReconcileAsync(ResourceKey key, CancellationToken cancellationToken)
        {
            test._reconciled.Enqueue(key);
            await test._work(cancellationToken);
            return Result.Done;
        }
    }
}
