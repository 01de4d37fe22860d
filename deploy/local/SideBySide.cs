namespace Forensics.Local;

/// <summary>Runs what does not need each other at the same time.</summary>
internal static class SideBySide
{
    /// <summary>Ends when all have ended. The first failure ends the others and is the one that is told.</summary>
    public static async Task RunAsync(CancellationToken cancellation, params IReadOnlyList<Func<CancellationToken, Task>> works)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task? failed = null;
        await foreach (var ended in Task.WhenEach(works.Select(work => Task.Run(() => work(end.Token), end.Token))))
        {
            if (ended.IsCompletedSuccessfully) continue;
            failed ??= ended;
            await end.CancelAsync();
        }

        if (failed is not null) await failed;
    }
}
