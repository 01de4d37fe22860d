namespace Forensics.Local;

/// <summary>Changes agents' pods, evenly over time: each is stored in etcd once more, as it is. The API server watches etcd, gives it a
/// new resourceVersion, and tells whoever watches it.</summary>
/// <remarks>By the API, two cores take some 240 changes a second. And PodCheckpoints will not do: an API server of 1.20 tells of some 250 a second,
/// however they are changed (docs/performance.md).</remarks>
internal sealed class EventLoad(TimeProvider time) : IDisposable
{
    private const int PerSecond = 1000;
    private const string AgentPods = "/registry/pods/forensics-workers/";
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // An etcd that falls behind is not to be buried: then there are fewer, and the rate says so.
    private const int MostUnanswered = 100;

    private readonly EtcdKeys _etcd = new();
    private IReadOnlyList<EtcdPair> _pods = [];
    private int _answered;

    public async Task PrepareAsync(CancellationToken cancellation) => _pods = await _etcd.ListAsync(AgentPods, cancellation);

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
                changes.Add(ChangeAsync(_pods[changes.Count % _pods.Count], cancellation));
        }

        await Task.WhenAll(changes);
        return changes.Count;
    }

    public void Dispose() => _etcd.Dispose();

    private async Task ChangeAsync(EtcdPair pod, CancellationToken cancellation)
    {
        await _etcd.PutAsync(pod, cancellation);
        Interlocked.Increment(ref _answered);
    }
}
