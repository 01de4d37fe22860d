namespace Forensics.Local;

/// <summary>Polling with an end: what every wait in this folder is made of.</summary>
internal static class Deadline
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <returns>False if the condition did not come true in time.</returns>
    public static async Task<bool> WaitAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var looking = time.GetTimestamp();
            if (await condition(cancellation)) return true;
            if (time.GetElapsedTime(start) > limit) return false;
            await Task.Delay(PauseAfter(time.GetElapsedTime(looking)), time, cancellation);
        }
    }

    /// <summary>As long as the look took: to look must not take the machine from what is waited for.</summary>
    private static TimeSpan PauseAfter(TimeSpan look) =>
        look < ShortestPause ? ShortestPause : look > LongestPause ? LongestPause : look;
}
