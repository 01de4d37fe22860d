using System.Collections.Concurrent;

namespace Forensics.Local;

/// <summary>Creates PodCheckpoints as fast as the API server takes them, and follows each to its end.</summary>
internal sealed class CaptureLoad(BenchApi api, TimeProvider time)
{
    // More only makes the API server slower for the controller.
    private const int Creators = 8;

    private readonly ConcurrentDictionary<string, long> _created = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _ended = new(StringComparer.Ordinal);

    /// <summary>When each PodCheckpoint's creation was asked for, by UID.</summary>
    public IReadOnlyDictionary<string, long> Created => _created;

    /// <summary>Those that ended, by UID, with their phase.</summary>
    public IReadOnlyDictionary<string, string?> Ended => _ended;

    public Task CreateAsync(int objects, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(0, objects),
        new ParallelOptions { MaxDegreeOfParallelism = Creators, CancellationToken = cancellation },
        async (number, token) =>
        {
            var asked = time.GetTimestamp();
            _created[await new BenchTargets(api).CaptureAsync(number, token)] = asked;
        });

    /// <summary>Until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        await foreach (var change in api.WatchAsync(BenchTargets.PodCheckpoints, cancellation))
        {
            var checkpoint = change["object"]!;
            if (checkpoint["status"]?["completionTime"] is not null)
                _ended[checkpoint["metadata"]!["uid"]!.GetValue<string>()] = checkpoint["status"]!["phase"]?.GetValue<string>();
        }
    }
}
