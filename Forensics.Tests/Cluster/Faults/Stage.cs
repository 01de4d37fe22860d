using System.Text.Json;
using Forensics.Api;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>What stories are told with: the parts of people, Job controller's surroundings and kubelet, played through the API.</summary>
/// <param name="patience">For each state that must come.</param>
/// <param name="name">Of the PodCheckpoint that the story is about.</param>
internal sealed class Stage(Lane lane, CrashingController controller, TimeSpan patience, string name = Stage.CheckpointName)
{
    public const string CheckpointName = "case-42";

    /// <summary>The PodCheckpoint that shows at the end that the controller still works; it is no part of the story.</summary>
    public const string LastName = "last";

    private const string Bucket = "s3://evidence";

    public Lane Lane => lane;

    public Kubernetes Kubernetes => lane.Kubernetes;

    /// <summary>The same for another PodCheckpoint.</summary>
    public Stage About(string other) => new(lane, controller, patience, other);

    /// <summary>The PodCheckpoint that was applied last, as it was last seen.</summary>
    public PodCheckpoint Checkpoint => lane.History.Of("podcheckpoints").Last(seen => seen.Name == name).Last.Deserialize(ApiJson.Compact.PodCheckpoint)!;

    /// <summary>Name of plan and Job.</summary>
    public string CaptureName => $"forensics-{Checkpoint.Metadata.Uid}";

    public Task StartControllerAsync() => controller.StartAsync();

    public Task StopControllerAsync() => controller.StopAsync();

    /// <param name="ttlSeconds">After its end; null for ever.</param>
    public async Task ApplyAsync(string pod = Lane.TargetName, string destination = Bucket, int? ttlSeconds = null)
    {
        var before = lane.History.Of("podcheckpoints").Count;
        await Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(
            JsonSerializer.SerializeToElement(new
            {
                apiVersion = ForensicsApi.GroupVersion,
                kind = ForensicsApi.Kind,
                metadata = new { name },
                spec = JsonSerializer.SerializeToElement(
                    new PodCheckpointSpec { Destination = destination, Pod = pod, TtlSecondsAfterFinished = ttlSeconds }, ApiJson.Compact.PodCheckpointSpec),
            }),
            ForensicsApi.Group, ForensicsApi.Version, lane.Cases, ForensicsApi.Plural);
        await UntilAsync("the PodCheckpoint is there", () => lane.History.Of("podcheckpoints").Count > before);
    }

    public Task DeleteCheckpointAsync() => Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
        ForensicsApi.Group, ForensicsApi.Version, lane.Cases, ForensicsApi.Plural, name);

    public Task AimElsewhereAsync() => Kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch("""{"spec":{"pod":"another-pod"}}""", V1Patch.PatchType.MergePatch),
        ForensicsApi.Group, ForensicsApi.Version, lane.Cases, ForensicsApi.Plural, name);

    /// <summary>The agent's pod that belongs to the last PodCheckpoint; the nth one that its Job has made.</summary>
    public Task<ClusterHistory.Seen> AgentAsync(int nth = 1) => lane.History.UntilAsync(
        $"agent {nth} is there", patience,
        () => lane.History.Of("pods").Where(pod => pod.Name.StartsWith(CaptureName, StringComparison.Ordinal)).ElementAtOrDefault(nth - 1));

    public Task ReportAsync(ClusterHistory.Seen agent, V1PodStatus status) => lane.PatchPodStatusAsync(lane.Workers, agent.Name, status);

    /// <summary>The agent is there and runs, and the status has it.</summary>
    public async Task<ClusterHistory.Seen> CapturingAsync()
    {
        var agent = await AgentAsync();
        await StatusAsync("names the folder", status => status.Location is not null);
        await ReportAsync(agent, AgentStates.Running);
        await StatusAsync("says Capturing", status => status.Phase == Phase.Capturing);
        return agent;
    }

    public Task StatusAsync(string what, Func<PodCheckpointStatus, bool> condition) =>
        UntilAsync($"the status {what}", () => Checkpoint.Status is { } status && condition(status));

    /// <summary>It ended so, and neither plan nor Job nor agent is left.</summary>
    public async Task EndedAsync(string reason)
    {
        await StatusAsync($"ends {reason}", status => status.Conditions.Any(c => c is { Type: ConditionTypes.Finished, Status: "True" } && c.Reason == reason));
        await CleanAsync();
    }

    public Task CleanAsync() => UntilAsync("plan, Job and agent are gone", () => new[] { "configmaps", "jobs", "pods" }
        .SelectMany(lane.History.Of)
        .All(seen => seen.Gone || !IsOurs(seen)));

    /// <summary>The PodCheckpoint itself is gone.</summary>
    public Task GoneAsync() => UntilAsync("the PodCheckpoint is gone", () => lane.History.Of("podcheckpoints").Last(seen => seen.Name == name).Gone);

    public Task PlanGoneAsync() => UntilAsync("the plan is gone", () => lane.History.Of("configmaps").All(plan => plan.Gone || plan.Name != CaptureName));

    /// <summary>It is planned, and another comes first.</summary>
    public Task QueuedAsync() => StatusAsync(
        "waits for its turn", status => status.Conditions.Any(c => c is { Type: ConditionTypes.Waiting, Status: "True", Reason: Reasons.Queued }));

    /// <summary>The controller still works: a PodCheckpoint that ends at once does so.</summary>
    public async Task StillWorksAsync()
    {
        var last = About(LastName);
        await last.ApplyAsync(destination: "s3://elsewhere");
        await last.StatusAsync("shows that the controller still works", status => status.Phase == Phase.Failed);
    }

    public Task UntilAsync(string what, Func<bool> condition, TimeSpan? limit = null) =>
        lane.History.UntilAsync(what, limit ?? patience, () => condition() ? this : null);

    private static bool IsOurs(ClusterHistory.Seen seen) =>
        seen.Last.GetProperty("metadata").TryGetProperty("labels", out var labels) && labels.TryGetProperty(Labels.PodCheckpointUid, out _);
}
