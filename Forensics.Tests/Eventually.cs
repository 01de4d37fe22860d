namespace Forensics.Tests;

/// <summary>Waits for what happens on other threads or machines: asks again and again until it is so, or fails at a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task IsTrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), what, deadline);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        using var timer = new PeriodicTimer(Pause);
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (deadline ?? DefaultDeadline))
                throw new AssertionException($"Not so within {deadline ?? DefaultDeadline}: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>For a task that should end by itself.</summary>
    public static Task<T> EndsAsync<T>(Task<T> task, TimeSpan? deadline = null) => task.WaitAsync(deadline ?? DefaultDeadline);

    /// <inheritdoc cref="EndsAsync{T}(Task{T}, TimeSpan?)"/>
    public static Task EndsAsync(Task task, TimeSpan? deadline = null) => task.WaitAsync(deadline ?? DefaultDeadline);
}
