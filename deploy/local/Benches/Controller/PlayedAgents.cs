using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>Plays the Job controller, the kubelets and the agents: every Job gets its pod, which runs for a while and leaves the
/// outcome of a good capture.</summary>
internal sealed class PlayedAgents(BenchApi api, TimeProvider time)
{
    /// <summary>Long enough for the controller to see each state, as with a real agent.</summary>
    private static readonly TimeSpan RunsFor = TimeSpan.FromSeconds(2);

    private const string Workers = "/api/v1/namespaces/forensics-workers";
    private const string Jobs = "/apis/batch/v1/namespaces/forensics-workers/jobs";
    private const string UidLabel = "forensics.keikoproj.io/podcheckpoint-uid";

    private const string Outcome = """
        {"version":1,"complete":true,"reason":"Captured","message":"2 of 2 containers captured.","location":"s3://bench-bucket/","bytes":4194304,
        "objects":12,"manifestSha256":"0000000000000000000000000000000000000000000000000000000000000000",
        "containers":[{"name":"app","state":"Captured"},{"name":"side","state":"Captured"}]}
        """;

    private readonly ConcurrentDictionary<string, long> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _plays = [];
    private int _duplicates;

    /// <summary>When the Job of each PodCheckpoint's UID was first seen, by the clock given.</summary>
    public IReadOnlyDictionary<string, long> JobsSeen => _jobs;

    /// <summary>Jobs beyond the first of a PodCheckpoint.</summary>
    public int Duplicates => _duplicates;

    /// <summary>Until cancelled. An error of any play ends it.</summary>
    public async Task PlayAsync(CancellationToken cancellation)
    {
        await foreach (var change in api.WatchAsync(Jobs, cancellation))
        {
            if (change["type"]!.GetValue<string>() != "ADDED") continue;
            var job = change["object"]!.AsObject();
            if (!_jobs.TryAdd(job["metadata"]!["labels"]![UidLabel]!.GetValue<string>(), time.GetTimestamp())) Interlocked.Increment(ref _duplicates);
            _plays.Add(PlayAsync(job, cancellation));
        }
    }

    /// <summary>Waits for all that was begun, and throws what went wrong.</summary>
    public Task PlayedAsync() => Task.WhenAll(_plays);

    private async Task PlayAsync(JsonObject job, CancellationToken cancellation)
    {
        var name = job["metadata"]!["name"]!.GetValue<string>();
        var pod = $"{Workers}/pods/{name}-agent/status";
        await api.CreateAsync($"{Workers}/pods", PodOf(job, name), cancellation);
        await api.PatchAsync($"{Jobs}/{name}/status", BenchTargets.Status(new JsonObject { ["active"] = 1, ["startTime"] = Now() }), cancellation);
        await api.PatchAsync(pod, BenchTargets.Status(Agent("Running", new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Now() } })), cancellation);
        await Task.Delay(RunsFor, time, cancellation);
        await api.PatchAsync(pod, BenchTargets.Status(Agent("Succeeded", new JsonObject
        {
            ["running"] = null,
            ["terminated"] = new JsonObject { ["exitCode"] = 0, ["reason"] = "Completed", ["message"] = Outcome, ["finishedAt"] = Now() },
        })), cancellation);
        await api.PatchAsync($"{Jobs}/{name}/status", BenchTargets.Status(new JsonObject
        {
            ["active"] = null,
            ["succeeded"] = 1,
            ["completionTime"] = Now(),
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Complete", ["status"] = "True", ["lastTransitionTime"] = Now() }),
        }), cancellation);
    }

    private static JsonObject PodOf(JsonObject job, string name)
    {
        var template = job["spec"]!["template"]!.DeepClone().AsObject();
        var spec = template["spec"]!.AsObject();
        var pinned = spec["affinity"]!["nodeAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!["nodeSelectorTerms"]![0]!["matchFields"]![0]!["values"]![0]!;
        spec["nodeName"] = pinned.GetValue<string>();
        var metadata = template["metadata"]!.AsObject();
        metadata.Remove("creationTimestamp");
        metadata["name"] = $"{name}-agent";
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["name"] = name,
            ["uid"] = job["metadata"]!["uid"]!.GetValue<string>(),
            ["controller"] = true,
        });
        return new JsonObject { ["metadata"] = metadata.DeepClone(), ["spec"] = spec.DeepClone() };
    }

    private static JsonObject Agent(string phase, JsonObject state) => new()
    {
        ["phase"] = phase,
        ["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "agent",
            ["image"] = "agent",
            ["imageID"] = "sha256:2",
            ["ready"] = phase == "Running",
            ["restartCount"] = 0,
            ["state"] = state,
        }),
    };

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
