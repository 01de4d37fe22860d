using Forensics.Api;
using Forensics.Controller.Informers;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>How everything that a capture makes is named and known again. The name comes from the PodCheckpoint's UID, so that
/// making it twice meets its own name, and namesakes in two namespaces never meet.</summary>
internal static class CaptureIdentity
{
    private const string Prefix = "forensics-";

    /// <summary>The name of both plan and Job.</summary>
    public static string NameOf(PodCheckpoint checkpoint) => NameOf(checkpoint.Metadata.Uid);

    public static string NameOf(string checkpointUid) => Prefix + checkpointUid;

    /// <summary>The same as comparing with <see cref="NameOf(string)"/>, for each event of a watch: nothing is made.</summary>
    public static bool IsNameOf(string checkpointUid, string? name) =>
        name is not null && name.StartsWith(Prefix, StringComparison.Ordinal) && name.AsSpan(Prefix.Length).SequenceEqual(checkpointUid);

    /// <summary>A selector for all plans, Jobs and agent pods of this installation.</summary>
    public const string Selector = $"{Labels.ManagedBy}={Labels.ManagedByValue},{Labels.PodCheckpointUid}";

    /// <summary>The PodCheckpoint's UID that an object was made for; null if it is none of ours.</summary>
    public static string? UidOf(V1ObjectMeta? meta) =>
        meta?.Labels is { } labels
        && labels.TryGetValue(Labels.ManagedBy, out var manager) && manager == Labels.ManagedByValue
        && labels.TryGetValue(Labels.PodCheckpointUid, out var uid)
            ? uid
            : null;

    /// <summary>Namespace and name of the PodCheckpoint that an object was made for; null if it does not say.</summary>
    public static ResourceKey? KeyOf(V1ObjectMeta? meta) =>
        meta?.Annotations is { } annotations
        && annotations.TryGetValue(Labels.PodCheckpointNamespace, out var ns)
        && annotations.TryGetValue(Labels.PodCheckpointName, out var name)
            ? new ResourceKey(ns, name)
            : null;

    public static bool IsFor(this V1ObjectMeta? meta, PodCheckpoint checkpoint) => UidOf(meta) == checkpoint.Metadata.Uid;

    public static Dictionary<string, string> LabelsFor(string checkpointUid) => new(StringComparer.Ordinal)
    {
        [Labels.ManagedBy] = Labels.ManagedByValue,
        [Labels.PodCheckpointUid] = checkpointUid,
    };

    public static Dictionary<string, string> AnnotationsFor(CapturePlan plan) => new(StringComparer.Ordinal)
    {
        [Labels.PodCheckpointNamespace] = plan.PodCheckpoint.Namespace,
        [Labels.PodCheckpointName] = plan.PodCheckpoint.Name,
        [Labels.NodeName] = plan.Target.NodeName,
    };

    public static ResourceKey KeyOf(PodCheckpoint checkpoint) => new(checkpoint.Metadata.Namespace, checkpoint.Metadata.Name);
}
