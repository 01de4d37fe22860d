namespace Forensics.Local;

/// <summary>Polling with an end: what every wait in this folder is made of.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    /// <returns>False if the condition did not come true in time.</returns>
    public static async Task<bool> WaitAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await condition(cancellation)) return true;
            if (time.GetElapsedTime(start) > limit) return false;
            await Task.Delay(Interval, time, cancellation);
        }
    }
}
