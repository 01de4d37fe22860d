using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>Changes PodCheckpoints, evenly over time.</summary>
internal sealed class EventLoad(BenchApi api, TimeProvider time)
{
    private const int PerSecond = 1000;
    private const int Seconds = 10;
    private const int PerStep = PerSecond / 100;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <returns>Events a second, as achieved: the API server may not take that many.</returns>
    public async Task<double> RunAsync(int objects, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Step, time);
        var changes = new List<Task>();
        while (changes.Count < PerSecond * Seconds && await timer.WaitForNextTickAsync(cancellation))
        {
            // As many as are due: a timer that is late is caught up with.
            var due = Math.Min(PerSecond * Seconds, (int)(time.GetElapsedTime(started) / Step) * PerStep);
            while (changes.Count < due) changes.Add(ChangeAsync(changes.Count, objects, cancellation));
        }

        await Task.WhenAll(changes);
        return changes.Count / time.GetElapsedTime(started).TotalSeconds;
    }

    private Task<JsonObject> ChangeAsync(int number, int objects, CancellationToken cancellation) => api.PatchAsync(
        $"{BenchTargets.PodCheckpointsPath}/case-{number % objects}",
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["bench"] = $"{number}" } } },
        cancellation);
}
