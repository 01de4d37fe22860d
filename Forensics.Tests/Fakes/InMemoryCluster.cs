using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Informers;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Forensics.Tests.Fakes;

/// <summary>The API server as captures see it: names are taken once, a status write needs the current resourceVersion, a delete
/// needs the right UID, and what a deleted object owns goes with it. What the Job controller, kubelets and people do to it is in
/// <see cref="ClusterLife"/>.</summary>
internal sealed class InMemoryCluster(TimeProvider time, string workerNamespace) : IClusterApi
{
    private int _version;

    public TimeProvider Time => time;

    public string WorkerNamespace => workerNamespace;

    public Dictionary<ResourceKey, PodCheckpoint> Checkpoints { get; } = [];

    public Dictionary<ResourceKey, V1Pod> Targets { get; } = [];

    public Dictionary<string, V1Node> Nodes { get; } = [];

    /// <summary>By claim: what it is bound to.</summary>
    public Dictionary<ResourceKey, V1PersistentVolume> ClaimedVolumes { get; } = [];

    public Dictionary<string, V1ConfigMap> Plans { get; } = [];

    public Dictionary<string, V1Job> Jobs { get; } = [];

    public List<V1Pod> AgentPods { get; } = [];

    public List<Corev1Event> Events { get; } = [];

    public V1PodTemplate? Template { get; set; }

    public string? Log { get; set; }

    /// <summary>Set: new Jobs are refused with these words.</summary>
    public string? JobRefusal { get; set; }

    /// <summary>Set: new plans are refused with these words.</summary>
    public string? PlanRefusal { get; set; }

    /// <summary>Calls in their order, such as "create plan". Reads are "get ..." and "list ...".</summary>
    public List<string> Calls { get; } = [];

    public IEnumerable<string> Writes => Calls.Where(call => !call.StartsWith("get", StringComparison.Ordinal) && !call.StartsWith("list", StringComparison.Ordinal));

    /// <summary>Every Job that was ever stored.</summary>
    public List<string> JobsEver { get; } = [];

    /// <summary>Status writes that changed nothing: each would wake the controller for nothing.</summary>
    public int IdleStatusWrites { get; private set; }

    /// <summary>Called before and after a write takes effect: a test may crash the process there.</summary>
    public Action<string> BeforeWrite { get; set; } = _ => { };

    /// <inheritdoc cref="BeforeWrite"/>
    public Action<string> AfterWrite { get; set; } = _ => { };

    /// <summary>What goes on in the cluster between the reading of the plans and their being looked at.</summary>
    public Func<Task> AfterListingPlans { get; set; } = () => Task.CompletedTask;

    public string NextVersion() => $"{++_version}";

    public Task<PodCheckpoint?> GetPodCheckpointAsync(ResourceKey key, CancellationToken cancellationToken) =>
        Read($"get podcheckpoint {key}", () => Checkpoints.GetValueOrDefault(key));

    public Task UpdateStatusAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken) => Write("update status", () =>
    {
        var key = CaptureIdentity.KeyOf(checkpoint);
        if (!Checkpoints.TryGetValue(key, out var stored)) return true;
        if (stored.Metadata.ResourceVersion != checkpoint.Metadata.ResourceVersion) throw Conflict();
        var (old, json) = (JsonOf(stored.Status), JsonOf(checkpoint.Status));
        if (old == json) IdleStatusWrites++;
        Checkpoints[key] = stored with
        {
            Metadata = stored.Metadata with { ResourceVersion = NextVersion() },
            Status = JsonSerializer.Deserialize(json, ApiJson.Compact.PodCheckpointStatus),
        };
        return true;
    });

    public Task DeletePodCheckpointAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken) => Write("delete podcheckpoint", () =>
    {
        var key = CaptureIdentity.KeyOf(checkpoint);
        if (!Checkpoints.TryGetValue(key, out var stored) || stored.Metadata.Uid != checkpoint.Metadata.Uid) return false;
        if (stored.Metadata.ResourceVersion != checkpoint.Metadata.ResourceVersion) throw Conflict();
        return Checkpoints.Remove(key);
    });

    public Task<TargetPod?> GetTargetPodAsync(ResourceKey key, CancellationToken cancellationToken) => Read(
        "get target",
        () => Targets.TryGetValue(key, out var pod) ? TargetPod.Of(JsonDocument.Parse(KubernetesJson.Serialize(pod)).RootElement) : null);

    public Task<V1Node?> GetNodeAsync(string name, CancellationToken cancellationToken) => Read("get node", () => Nodes.GetValueOrDefault(name));

    public Task<V1PersistentVolume?> GetClaimedVolumeAsync(ResourceKey claim, CancellationToken cancellationToken) =>
        Read("get claimed volume", () => ClaimedVolumes.GetValueOrDefault(claim));

    public Task<IReadOnlyList<Corev1Event>?> ListEventsAsync(string ns, string kind, string name, CancellationToken cancellationToken) => Read(
        "list events",
        () => (IReadOnlyList<Corev1Event>?)[.. Events.Where(e =>
            e.Metadata.NamespaceProperty == ns && e.InvolvedObject.Kind == kind && e.InvolvedObject.Name == name)]);

    public Task CreateEventAsync(Corev1Event recorded, CancellationToken cancellationToken) => Write($"create event {recorded.Reason}", () =>
    {
        if (!Events.Exists(e => e.Metadata.Name == recorded.Metadata.Name)) Events.Add(recorded);
        return true;
    });

    public Task<V1ConfigMap?> GetPlanAsync(string name, CancellationToken cancellationToken) =>
        Read("get plan", () => Copy(Plans.GetValueOrDefault(name)));

    public Task<Creation<V1ConfigMap>> CreatePlanAsync(V1ConfigMap plan, CancellationToken cancellationToken) =>
        Create("create plan", Plans, plan, plan.Metadata, PlanRefusal, stored => Copy(stored)!);

    public async IAsyncEnumerable<V1ObjectMeta> ListPlansAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plans = await Read("list plans", () => Plans.Values.Select(plan => plan.Metadata).Where(meta => CaptureIdentity.UidOf(meta) is not null).ToList());
        await AfterListingPlans();
        foreach (var meta in plans) yield return meta;
    }

    public Task<AgentJob?> GetJobAsync(string name, CancellationToken cancellationToken) => Read("get job", () => Jobs.TryGetValue(name, out var job) ? ResourceTypes.Jobs.Of(job) : null);

    public Task<Creation<AgentJob>> CreateJobAsync(V1Job job, CancellationToken cancellationToken) =>
        Create("create job", Jobs, job, job.Metadata, JobRefusal, ResourceTypes.Jobs.Of);

    public Task<IReadOnlyList<AgentPod>> ListAgentPodsAsync(string checkpointUid, CancellationToken cancellationToken) => Read(
        "list agent pods", () => (IReadOnlyList<AgentPod>)[.. AgentPods.Where(pod => CaptureIdentity.UidOf(pod.Metadata) == checkpointUid).Select(ResourceTypes.Pods.Of)]);

    public Task<V1PodTemplate?> GetPodTemplateAsync(string name, CancellationToken cancellationToken) =>
        Read("get template", () => Template?.Metadata.Name == name ? Template : null);

    public Task<string?> ReadLogTailAsync(string agentPod, int lines, CancellationToken cancellationToken) => Read("get log", () => Log);

    public Task DeletePlanAsync(string name, string uid, CancellationToken cancellationToken) =>
        Write("delete plan", () => Plans.TryGetValue(name, out var plan) && plan.Metadata.Uid == uid && RemovePlan(name));

    public Task DeleteJobAsync(string name, string uid, CancellationToken cancellationToken) =>
        Write("delete job", () => Jobs.TryGetValue(name, out var job) && job.Metadata.Uid == uid && RemoveJob(name));

    /// <summary>Removes a plan, and what it owns.</summary>
    public bool RemovePlan(string name)
    {
        if (!Plans.Remove(name, out var plan)) return false;
        foreach (var job in Jobs.Values.Where(job => IsOwnedBy(job.Metadata, plan.Metadata.Uid)).ToList()) RemoveJob(job.Metadata.Name);
        return true;
    }

    /// <summary>Removes a Job, and its pods.</summary>
    public bool RemoveJob(string name)
    {
        if (!Jobs.Remove(name, out var job)) return false;
        AgentPods.RemoveAll(pod => IsOwnedBy(pod.Metadata, job.Metadata.Uid));
        return true;
    }

    public static string JsonOf(PodCheckpointStatus? status) =>
        status is null ? "null" : JsonSerializer.Serialize(status, ApiJson.Compact.PodCheckpointStatus);

    public static T? Copy<T>(T? value)
        where T : class => value is null ? null : KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(value));

    public static HttpOperationException Conflict() =>
        new("Conflict") { Response = new HttpResponseMessageWrapper(new HttpResponseMessage(HttpStatusCode.Conflict), "") };

    private static bool IsOwnedBy(V1ObjectMeta meta, string uid) => meta.OwnerReferences?.Any(owner => owner.Uid == uid) == true;

    private Task<Creation<TSeen>> Create<T, TSeen>(
        string what, Dictionary<string, T> all, T wanted, V1ObjectMeta meta, string? refusal, Func<T, TSeen> see)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        return Write<Creation<TSeen>>(what, () =>
        {
            meta.NamespaceProperty.Should().Be(workerNamespace);
            if (refusal is not null) return new Creation<TSeen>.Refused(refusal);
            if (all.ContainsKey(meta.Name)) return new Creation<TSeen>.Exists();
            var stored = Copy(wanted)!;
            stored.Metadata.Uid = Guid.NewGuid().ToString();
            stored.Metadata.ResourceVersion = NextVersion();
            stored.Metadata.CreationTimestamp = time.GetUtcNow().UtcDateTime;
            all[meta.Name] = stored;
            if (stored is V1Job) JobsEver.Add(stored.Metadata.Uid);
            return new Creation<TSeen>.Created(see(stored));
        });
    }

    private Task<T> Read<T>(string what, Func<T> read)
    {
        Calls.Add(what);
        return Task.FromResult(read());
    }

    private Task<T> Write<T>(string what, Func<T> write)
    {
        BeforeWrite(what);
        var answer = write();
        Calls.Add(what);
        AfterWrite(what);
        return Task.FromResult(answer);
    }
}
