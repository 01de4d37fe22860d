using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Forensics.Controller.Reconciling;

namespace Forensics.Controller;

/// <summary>The process's life: caches first, then (if asked to) the Lease, then the workers; and all of it backwards at the end.</summary>
internal sealed class Manager(
    IReadOnlyList<IInformer> informers,
    RateLimitingQueue queue,
    QueueGate gate,
    Reconciling.Controller controller,
    Chore chore,
    Leadership? leadership,
    int workers,
    TimeProvider time,
    ILogger<Manager> log)
{
    /// <summary>Below a pod's default 30 s of grace, so that the Lease is given back before the kill.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    /// <summary>True while the workers run: where there is a Lease, while it is held.</summary>
    public bool IsWorking { get; private set; }

    /// <summary>Runs until <paramref name="stop"/>. True if that is why it ended, false if the Lease was lost.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var caches = new CancellationTokenSource();
        var watching = Task.WhenAny(informers.Select(informer => informer.RunAsync(caches.Token))).Unwrap();
        try
        {
            await FirstAsync(watching, Task.WhenAll(informers.Select(informer => informer.Synced)).WaitAsync(stop));
            if (leadership is null) return await WorkAsync(watching, new TaskCompletionSource().Task, stop);

            await FirstAsync(watching, leadership.AcquireAsync(stop));
            return await LeadAsync(leadership, watching, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            await caches.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The Lease is renewed until the last worker has stopped, and only then given back.
    private async Task<bool> LeadAsync(Leadership held, Task watching, CancellationToken stop)
    {
        using var leading = new CancellationTokenSource();
        var holding = held.HoldAsync(leading.Token);
        var stopped = await WorkAsync(watching, holding, stop);
        await leading.CancelAsync();
        if (!stopped) await holding;
        else await holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopped) await held.ReleaseAsync(CancellationToken.None);
        return stopped;
    }

    // True if stopped, false if the Lease was lost; what else ends the work is a bug and is thrown.
    private async Task<bool> WorkAsync(Task watching, Task leaseLost, CancellationToken stop)
    {
        using var work = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        log.Started(workers);
        gate.Open();
        foreach (var informer in informers) informer.TellAll();
        var working = controller.RunAsync(workers, work.Token);
        var chores = chore.RunAsync(work.Token);
        var stopped = Task.Delay(Timeout.Infinite, stop);

        IsWorking = true;
        var first = await Task.WhenAny(stopped, leaseLost, watching, working);
        if (first != leaseLost) await DrainAsync(working, chores, leaseLost, work);
        await work.CancelAsync(); // Where the Lease is lost, another replica may lead in seconds: break off.

        IsWorking = false;
        if (first == watching || first == working) await first;
        return first == stopped && !leaseLost.IsCompleted;
    }

    private async Task DrainAsync(Task working, Task chores, Task leaseLost, CancellationTokenSource work)
    {
        log.Draining(DrainTimeout.TotalSeconds);
        queue.ShutDown();
        work.CancelAfter(DrainTimeout);
        await Task.WhenAny(working, leaseLost);
        if (leaseLost.IsCompleted) return;
        await work.CancelAsync();
        await chores.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        log.Drained();
    }

    // A cache that ends (by a bug: they live through all else) ends the wait too.
    private static async Task FirstAsync(Task watching, Task awaited) => await await Task.WhenAny(awaited, watching);
}
