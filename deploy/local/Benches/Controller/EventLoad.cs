using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>Changes PodCheckpoints, evenly over time.</summary>
internal sealed class EventLoad(BenchApi api, TimeProvider time)
{
    private const int PerSecond = 1000;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // An API server that falls behind is not to be buried: then there are fewer, and the rate says so.
    private const int MostUnanswered = 100;

    private int _answered;

    /// <returns>Events a second, as achieved: the API server may not take that many.</returns>
    public async Task<double> RunAsync(int objects, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Step, time);
        var changes = new List<Task>();
        while (time.GetElapsedTime(started) < Lasts && await timer.WaitForNextTickAsync(cancellation))
        {
            // As many as are due: a timer that is late is caught up with.
            var due = (int)(time.GetElapsedTime(started).TotalSeconds * PerSecond);
            while (changes.Count < due && changes.Count - Volatile.Read(ref _answered) < MostUnanswered)
                changes.Add(ChangeAsync(changes.Count, objects, cancellation));
        }

        await Task.WhenAll(changes);
        return changes.Count / time.GetElapsedTime(started).TotalSeconds;
    }

    private async Task ChangeAsync(int number, int objects, CancellationToken cancellation)
    {
        await api.PatchAsync(
            BenchTargets.PodCheckpointOf(number % objects),
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["bench"] = $"{number}" } } },
            cancellation);
        Interlocked.Increment(ref _answered);
    }
}
