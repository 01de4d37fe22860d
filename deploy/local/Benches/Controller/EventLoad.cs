using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>Changes PodCheckpoints, evenly over time. They are written into etcd: a change of one by its API costs the API server
/// so much that two cores do 250 a second, and it watches etcd in any case and tells whoever watches it.</summary>
internal sealed class EventLoad(TimeProvider time) : IDisposable
{
    private const int PerSecond = 1000;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // An etcd that falls behind is not to be buried: then there are fewer, and the rate says so.
    private const int MostUnanswered = 100;

    private readonly EtcdKeys _etcd = new();
    private readonly List<Stored> _objects = [];
    private int _answered;

    /// <param name="objects">So many of them are changed in turn.</param>
    public async Task PrepareAsync(int objects, CancellationToken cancellation)
    {
        for (var number = 0; number < objects; number++)
        {
            var key = BenchTargets.KeyOf(number);
            _objects.Add(new Stored(key, JsonNode.Parse(await _etcd.GetAsync(key, cancellation))!.AsObject()));
        }
    }

    /// <returns>How many changes etcd has taken.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Step, time);
        var changes = new List<Task>();
        while (time.GetElapsedTime(started) < Lasts && await timer.WaitForNextTickAsync(cancellation))
        {
            // As many as are due: a timer that is late is caught up with.
            var due = (int)(time.GetElapsedTime(started).TotalSeconds * PerSecond);
            while (changes.Count < due && changes.Count - Volatile.Read(ref _answered) < MostUnanswered)
                changes.Add(ChangeAsync(_objects[changes.Count % _objects.Count], changes.Count, cancellation));
        }

        await Task.WhenAll(changes);
        return changes.Count;
    }

    public void Dispose() => _etcd.Dispose();

    private async Task ChangeAsync(Stored checkpoint, int number, CancellationToken cancellation)
    {
        checkpoint.Object["metadata"]!["annotations"] = new JsonObject { ["bench"] = $"{number}" };
        await _etcd.PutAsync(checkpoint.Key, checkpoint.Object.ToJsonString(), cancellation);
        Interlocked.Increment(ref _answered);
    }

    private sealed record Stored(string Key, JsonObject Object);
}
