using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Informers;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Polly;

namespace Forensics.Controller.Checkpoints.Cluster;

/// <summary><see cref="IClusterApi"/> over KubernetesClient's typed calls.</summary>
internal sealed class KubernetesClusterApi(IKubernetes client, CaptureOptions options, TimeProvider time) : IClusterApi
{
    private const int MostEvents = 500;
    private const int LogTailBytes = 16 * 1024;
    private const int PlansAtOnce = 500;

    // The server then leaves out the data: a plan is up to a MiB.
    private static readonly Dictionary<string, IReadOnlyList<string>> MetadataOnly = new()
    {
        ["Accept"] = ["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"],
    };

    // A log comes from the node; one that does not answer must not hold up a worker.
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline _retry = ApiRetry.Pipeline(time);
    private readonly ResiliencePipeline _retryCreation = ApiRetry.PipelineOfCreations(time);
    private readonly string _ns = options.WorkerNamespace;

    public async Task<PodCheckpoint?> GetPodCheckpointAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        var found = await FindAsync(
            token => client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(
                ForensicsApi.Group, ForensicsApi.Version, key.Namespace, ForensicsApi.Plural, key.Name, token),
            cancellationToken);
        return found.ValueKind == JsonValueKind.Undefined ? null : ResourceTypes.PodCheckpoints.Of(found);
    }

    public async Task UpdateStatusAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var (meta, body, tries) = (checkpoint.Metadata, JsonSerializer.SerializeToElement(checkpoint, ApiJson.Compact.PodCheckpoint), 0);
        try
        {
            await _retry.ExecuteAsync(
                async token =>
                {
                    tries++;
                    await client.CustomObjects.ReplaceNamespacedCustomObjectStatusAsync(
                        body, ForensicsApi.Group, ForensicsApi.Version, meta.Namespace, ForensicsApi.Plural, meta.Name, cancellationToken: token);
                },
                cancellationToken);
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound))
        {
            // Deleted meanwhile: the watch is about to say so, and the sweep does the rest.
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Conflict) && tries > 1)
        {
            // An earlier try may have been done, and only its answer lost.
            if (!await HasStatusAsync(checkpoint, cancellationToken)) throw;
        }
    }

    public Task DeletePodCheckpointAsync(PodCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var meta = checkpoint.Metadata;
        var asItWasRead = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = meta.Uid, ResourceVersion = meta.ResourceVersion } };
        return DeleteAsync(
            token => client.CustomObjects.DeleteNamespacedCustomObjectAsync(
                ForensicsApi.Group, ForensicsApi.Version, meta.Namespace, ForensicsApi.Plural, meta.Name, asItWasRead, cancellationToken: token),
            async token => (await GetPodCheckpointAsync(CaptureIdentity.KeyOf(checkpoint), token))?.Metadata.Uid == meta.Uid,
            cancellationToken);
    }

    public async Task<TargetPod?> GetTargetPodAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        // The typed call would throw away what the types do not know. An empty group is the core API.
        var raw = await FindAsync(
            token => client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>("", "v1", key.Namespace, "pods", key.Name, token),
            cancellationToken);
        return raw.ValueKind == JsonValueKind.Undefined ? null : TargetPod.Of(raw);
    }

    public Task<V1Node?> GetNodeAsync(string name, CancellationToken cancellationToken) =>
        FindAsync<V1Node?>(async token => await client.CoreV1.ReadNodeAsync(name, cancellationToken: token), cancellationToken);

    public async Task<V1PersistentVolume?> GetClaimedVolumeAsync(ResourceKey claim, CancellationToken cancellationToken)
    {
        var found = await FindAsync<V1PersistentVolumeClaim?>(
            async token => await client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(claim.Name, claim.Namespace, cancellationToken: token), cancellationToken);
        return string.IsNullOrEmpty(found?.Spec?.VolumeName) ? null : await FindAsync<V1PersistentVolume?>(
            async token => await client.CoreV1.ReadPersistentVolumeAsync(found.Spec.VolumeName, cancellationToken: token), cancellationToken);
    }

    public async Task<IReadOnlyList<Corev1Event>?> ListEventsAsync(string ns, string kind, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _retry.ExecuteAsync<IReadOnlyList<Corev1Event>>(
                async token => [.. (await client.CoreV1.ListNamespacedEventAsync(
                    ns,
                    fieldSelector: $"involvedObject.kind={kind},involvedObject.name={name}",
                    limit: MostEvents,
                    cancellationToken: token)).Items],
                cancellationToken);
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Forbidden))
        {
            return null;
        }
    }

    public async Task CreateEventAsync(Corev1Event recorded, CancellationToken cancellationToken)
    {
        try
        {
            await client.CoreV1.CreateNamespacedEventAsync(recorded, recorded.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Conflict))
        {
            // Recorded before, by this process or the one before it.
        }
    }

    public Task<V1ConfigMap?> GetPlanAsync(string name, CancellationToken cancellationToken) =>
        FindAsync<V1ConfigMap?>(async token => await client.CoreV1.ReadNamespacedConfigMapAsync(name, _ns, cancellationToken: token), cancellationToken);

    public Task<Creation<V1ConfigMap>> CreatePlanAsync(V1ConfigMap plan, CancellationToken cancellationToken) =>
        CreateAsync(token => client.CoreV1.CreateNamespacedConfigMapAsync(plan, _ns, cancellationToken: token), cancellationToken);

    // In pages: the metadata of thousands, whole and as the library's types, is tens of MiB.
    public async IAsyncEnumerable<V1ObjectMeta> ListPlansAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await _retry.ExecuteAsync(async token => await ReadPlansAsync(next, token), cancellationToken);
            foreach (var map in page.Items ?? []) yield return map.Metadata; // null, and no empty list, where there is none.
            next = page.Metadata?.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(next));
    }

    public Task<AgentJob?> GetJobAsync(string name, CancellationToken cancellationToken) =>
        FindAsync<AgentJob?>(
            async token => ResourceTypes.Jobs.Of(await client.BatchV1.ReadNamespacedJobAsync(name, _ns, cancellationToken: token)), cancellationToken);

    public Task<Creation<AgentJob>> CreateJobAsync(V1Job job, CancellationToken cancellationToken) =>
        CreateAsync(
            async token => ResourceTypes.Jobs.Of(await client.BatchV1.CreateNamespacedJobAsync(job, _ns, cancellationToken: token)), cancellationToken);

    public async Task<IReadOnlyList<AgentPod>> ListAgentPodsAsync(string checkpointUid, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync<IReadOnlyList<AgentPod>>(
            async token => [.. (await client.CoreV1.ListNamespacedPodAsync(
                _ns,
                labelSelector: $"{Labels.ManagedBy}={Labels.ManagedByValue},{Labels.PodCheckpointUid}={checkpointUid}",
                cancellationToken: token)).Items.Select(ResourceTypes.Pods.Of)],
            cancellationToken);

    public Task<V1PodTemplate?> GetPodTemplateAsync(string name, CancellationToken cancellationToken) =>
        FindAsync<V1PodTemplate?>(async token => await client.CoreV1.ReadNamespacedPodTemplateAsync(name, _ns, cancellationToken: token), cancellationToken);

    public async Task<string?> ReadLogTailAsync(string agentPod, int lines, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LogTimeout);
        try
        {
            await using var log = await client.CoreV1.ReadNamespacedPodLogAsync(
                agentPod, _ns, container: AgentContract.ContainerName, limitBytes: LogTailBytes, tailLines: lines, cancellationToken: patience.Token);
            // limitBytes is a request to the kubelet, which may be the attacker's: what it sends beyond is not read.
            var tail = new byte[LogTailBytes];
            return Encoding.UTF8.GetString(tail, 0, await log.ReadAtLeastAsync(tail, tail.Length, throwOnEndOfStream: false, patience.Token));
        }
        catch (Exception e) when (e is HttpOperationException || ApiErrors.IsTransient(e, cancellationToken))
        {
            return null; // Progress is a courtesy: whatever is wrong with the node shows elsewhere.
        }
    }

    public Task DeletePlanAsync(string name, string uid, CancellationToken cancellationToken) => DeleteAsync(
        token => client.CoreV1.DeleteNamespacedConfigMapAsync(name, _ns, InBackground(uid), cancellationToken: token),
        async token => (await GetPlanAsync(name, token))?.Metadata.Uid == uid,
        cancellationToken);

    public Task DeleteJobAsync(string name, string uid, CancellationToken cancellationToken) => DeleteAsync(
        token => client.BatchV1.DeleteNamespacedJobAsync(name, _ns, InBackground(uid), cancellationToken: token),
        async token => (await GetJobAsync(name, token))?.Metadata.Uid == uid,
        cancellationToken);

    private async Task<bool> HasStatusAsync(PodCheckpoint wanted, CancellationToken cancellationToken)
    {
        var there = await GetPodCheckpointAsync(CaptureIdentity.KeyOf(wanted), cancellationToken);
        return there?.Metadata.Uid == wanted.Metadata.Uid && there.Status.IsSameAs(wanted.Status);
    }

    private async Task<V1ConfigMapList> ReadPlansAsync(string? next, CancellationToken cancellationToken)
    {
        using var answer = await client.CoreV1.ListNamespacedConfigMapWithHttpMessagesAsync(
            _ns, continueParameter: next, labelSelector: CaptureIdentity.Selector, limit: PlansAtOnce, customHeaders: MetadataOnly, cancellationToken: cancellationToken);
        return answer.Body;
    }

    // batch/v1 would otherwise orphan the agent's pod, which then never gets its SIGTERM.
    private static V1DeleteOptions InBackground(string uid) =>
        new() { PropagationPolicy = "Background", Preconditions = new V1Preconditions { Uid = uid } };

    private async Task<T?> FindAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _retry.ExecuteAsync(async token => await read(token), cancellationToken);
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound))
        {
            return default;
        }
    }

    // Retried only where it was surely not done: an answer that got lost would turn the second try into "exists", and the
    // reconcile that follows sees that in any case.
    private async Task<Creation<T>> CreateAsync<T>(Func<CancellationToken, Task<T>> create, CancellationToken cancellationToken)
    {
        try
        {
            return new Creation<T>.Created(await _retryCreation.ExecuteAsync(async token => await create(token), cancellationToken));
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Conflict))
        {
            return new Creation<T>.Exists();
        }
        catch (HttpOperationException e) when (
            e.Response?.StatusCode is >= HttpStatusCode.BadRequest and <= HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests)
        {
            // 500 too: it is what a webhook that does not answer looks like.
            return new Creation<T>.Refused(ApiErrors.MessageOf(e));
        }
    }

    private async Task DeleteAsync(
        Func<CancellationToken, Task> delete, Func<CancellationToken, Task<bool>> isStillThere, CancellationToken cancellationToken)
    {
        try
        {
            await _retry.ExecuteAsync(async token => await delete(token), cancellationToken);
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.NotFound))
        {
            // Gone already.
        }
        catch (HttpOperationException e) when (e.Is(HttpStatusCode.Conflict))
        {
            // Mostly: another object has the name by now. A webhook that refuses may say the same.
            if (await isStillThere(cancellationToken)) throw;
        }
    }
}
