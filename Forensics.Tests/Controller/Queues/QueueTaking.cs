using Forensics.Controller.Informers;
using Forensics.Controller.Queues;

namespace Forensics.Tests.Controller.Queues;

internal static class QueueTaking
{
    /// <summary>A key if one is ready now, else null.</summary>
    public static Task<ResourceKey?> TakeAsync(this WorkQueue queue) => TakeAsync(queue.GetAsync);

    /// <inheritdoc cref="TakeAsync(WorkQueue)"/>
    public static Task<ResourceKey?> TakeAsync(this RateLimitingQueue queue) => TakeAsync(queue.GetAsync);

    private static async Task<ResourceKey?> TakeAsync(Func<CancellationToken, ValueTask<ResourceKey?>> get)
    {
        using var notLater = new CancellationTokenSource();
        var taking = get(notLater.Token).AsTask();
        if (taking.IsCompleted) return await taking;

        await notLater.CancelAsync();
        await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return taking.IsCompletedSuccessfully ? await taking : null;
    }
}
