using Forensics.Api;
using Forensics.Controller.Checkpoints.Cluster;
using k8s.Autorest;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Tells people, by events on the PodCheckpoint. An event's name comes from the PodCheckpoint's UID and the event's
/// kind: who tells it again meets the name taken, and nobody reads it twice. What a crash has kept from being told may never be: the status says it.</summary>
internal sealed class EventRecorder(IClusterApi api, TimeProvider time, ILogger<EventRecorder> log)
{
    private const string Component = "kube-forensics";

    public Task StartedAsync(PodCheckpoint checkpoint, CapturePlan plan, CancellationToken cancellationToken) => RecordAsync(
        checkpoint,
        "Normal",
        "CaptureStarted",
        $"Capturing the pod '{plan.Target.Pod}' of '{plan.Target.Namespace}' on the node '{plan.Target.NodeName}'. Do not delete the pod yet.",
        cancellationToken);

    public Task EndedAsync(PodCheckpoint checkpoint, Verdict verdict, CancellationToken cancellationToken) => verdict.Complete
        ? RecordAsync(checkpoint, "Normal", "CaptureComplete", verdict.Message, cancellationToken)
        : RecordAsync(checkpoint, "Warning", "CaptureFailed", $"{verdict.Reason}: {verdict.Message}", cancellationToken);

    public Task WaitingAsync(PodCheckpoint checkpoint, Trouble trouble, CancellationToken cancellationToken) =>
        RecordAsync(checkpoint, "Normal", "Waiting", $"{trouble.Reason}: {trouble.Message}", cancellationToken);

    public Task QueuedAsync(PodCheckpoint checkpoint, Trouble queued, CancellationToken cancellationToken) =>
        RecordAsync(checkpoint, "Normal", queued.Reason, queued.Message, cancellationToken);

    public Task SpecChangedAsync(PodCheckpoint checkpoint, string message, CancellationToken cancellationToken) =>
        RecordAsync(checkpoint, "Warning", Reasons.SpecChanged, message, cancellationToken);

    private async Task RecordAsync(PodCheckpoint checkpoint, string type, string reason, string message, CancellationToken cancellationToken)
    {
        var (meta, now) = (checkpoint.Metadata, time.GetUtcNow().UtcDateTime);
        var recorded = new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta { Name = NameOf(meta.Uid, reason), NamespaceProperty = meta.Namespace },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = ForensicsApi.GroupVersion,
                Kind = ForensicsApi.Kind,
                NamespaceProperty = meta.Namespace,
                Name = meta.Name,
                Uid = meta.Uid,
                ResourceVersion = meta.ResourceVersion,
            },
            Type = type,
            Reason = reason,
            Message = message.Length <= 1024 ? message : message[..1023] + "…", // The API server takes no more.
            Source = new V1EventSource { Component = Component },
            ReportingComponent = Component,
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
        try
        {
            await api.CreateEventAsync(recorded, cancellationToken);
        }
        catch (Exception e) when (e is HttpOperationException || ApiErrors.IsTransient(e, cancellationToken))
        {
            // The status says the same and is written: an event is not worth a second reconcile.
            log.EventNotRecorded(reason, CaptureIdentity.KeyOf(checkpoint), e is HttpOperationException http ? ApiErrors.MessageOf(http) : e.Message);
        }
    }

    public static string NameOf(string uid, string reason) =>
#pragma warning disable CA1308 // Object names are lower-case by Kubernetes' rule; nothing is compared here.
        $"forensics-{uid}.{reason.ToLowerInvariant()}";
#pragma warning restore CA1308
}
