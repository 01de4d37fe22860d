using System.Net;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using k8s.Autorest;
using Prometheus;

namespace Forensics.Controller.Reconciling;

/// <summary>Workers that take keys from the queue, have each reconciled, and act on the outcome.</summary>
internal sealed class Controller(
    string name,
    IReconciler reconciler,
    RateLimitingQueue queue,
    Metrics metrics,
    TimeProvider time,
    ILogger<Controller> log)
{
    // controller-runtime's. "requeue" is never used here, but dashboards ask for it.
    private static readonly string[] Results = ["success", "error", "requeue", "requeue_after"];

    /// <summary>Runs until the queue is shut down and drained, or until cancelled: then what is in hand is broken off.</summary>
    public async Task RunAsync(int workers, CancellationToken cancellationToken)
    {
        metrics.MaxConcurrentReconciles.WithLabels(name).Set(workers);
        // At zero: rates need a start.
        foreach (var result in Results) metrics.Reconciles.WithLabels(name, result).Publish();
        metrics.ReconcileErrors.WithLabels(name).Publish();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(cancellationToken), cancellationToken)));
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (await queue.GetAsync(cancellationToken) is { } key)
        {
            using (metrics.ActiveWorkers.WithLabels(name).TrackInProgress())
            {
                try
                {
                    await ProcessAsync(key, cancellationToken);
                }
                finally
                {
                    queue.Done(key);
                }
            }
        }
    }

    private async Task ProcessAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (result, error) = await ReconcileAsync(key, cancellationToken);
        metrics.ReconcileTime.WithLabels(name).Observe(time.GetElapsedTime(started).TotalSeconds);

        // Counted last: whoever has seen the count finds the key where it goes.
        switch (result, error)
        {
            case (_, not null):
                LogError(key, error);
                queue.AddRateLimited(key);
                metrics.ReconcileErrors.WithLabels(name).Inc();
                Count("error");
                break;
            case ({ RequeueAfter: { } delay }, _):
                queue.Forget(key); // First: the delay asked for is not to be held against earlier errors.
                queue.AddAfter(key, delay);
                Count("requeue_after");
                break;
            default:
                queue.Forget(key);
                Count("success");
                break;
        }
    }

    // By the reconciler's contract every exception means "try again": none is hidden, all are logged and counted above.
    private async Task<(Result Result, Exception? Error)> ReconcileAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await reconciler.ReconcileAsync(key, cancellationToken), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, e);
        }
    }

    private void Count(string result) => metrics.Reconciles.WithLabels(name, result).Inc();

    private void LogError(ResourceKey key, Exception error)
    {
        var failures = queue.NumRequeues(key);

        // Somebody else wrote first, and the cache will soon say what: ordinary life, not an error for a person.
        if (error is HttpOperationException { Response.StatusCode: HttpStatusCode.Conflict })
            log.ReconcileConflict(key, failures);
        else
            log.ReconcileFailed(error, key, failures);
    }
}
