using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>Judges target pod and node, as the API server has just shown them.</summary>
internal static class TargetCheck
{
    /// <summary>The one runtime that exports file systems by itself.</summary>
    private const string WithExport = "docker";

    public static Trouble NotFound(string pod, string ns) =>
        new(Reasons.NotFound, $"The specified Pod '{pod}' was not found in the '{ns}' namespace."); // Upstream's words: scripts match them.

    /// <summary>The pod itself, before its node is asked for.</summary>
    /// <returns>Null if nothing about the pod itself is in the way.</returns>
    public static TargetState? OfPod(V1Pod pod, CaptureOptions options)
    {
        var runtime = PodContainers.RuntimeOf(pod);
        if (string.IsNullOrEmpty(pod.Spec?.NodeName)) return NotStarted(pod, "is not scheduled to a node yet");
        if (runtime is null) return NotStarted(pod, "has no container that was ever started");
        return options.Runtimes.Contains(runtime, StringComparer.Ordinal)
            ? null
            : new TargetState.Never(new Trouble(Reasons.UnsupportedRuntime, PlainText.Of(
                $"The pod's containers run on '{runtime}', and this installation captures from: {string.Join(", ", options.Runtimes)}. Nothing was read.")));
    }

    /// <returns>Null if the pod's runtime can export as the PodCheckpoint asks.</returns>
    public static Trouble? OfExport(string runtime, ExportSpec? export) =>
        runtime == WithExport || ExportSpec.Read(export, out _)?.Method != ExportMethod.Runtime
            ? null
            : new Trouble(Reasons.InvalidSpec, PlainText.Of(
                $"spec.export.method is 'Runtime', which is docker export, and the pod's containers run on '{runtime}', which has no such thing. "
                + "Delete the PodCheckpoint and apply it again with the method Auto or Layers. Nothing was read."));

    /// <param name="nodeName">The node that the pod names.</param>
    /// <param name="node">Null if the API server does not know it.</param>
    /// <returns>Null if an agent can run there.</returns>
    public static Trouble? OfNode(string nodeName, V1Node? node)
    {
        if (node is null) return NotReady(nodeName, "is not known to the API server");
        var ready = node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
        return ready?.Status == "True" ? null : NotReady(nodeName, $"is not Ready ({ready?.Reason ?? "it never reported"})");
    }

    private static Trouble NotReady(string nodeName, string how) => new(Reasons.NodeNotReady, PlainText.Of(
        $"The node '{nodeName}' {how}, so no agent can be started beside the pod. Look at it with: kubectl describe node {nodeName}"));

    private static TargetState NotStarted(V1Pod pod, string how)
    {
        var trouble = new Trouble(Reasons.TargetNotStarted, PlainText.Of(
            $"The pod '{pod.Metadata.Name}' {how}{WhyNot(pod)}, so there is nothing to capture. "
            + $"Look at it with: kubectl describe pod -n {pod.Metadata.NamespaceProperty} {pod.Metadata.Name}"));
        var isOver = pod.Status?.Phase is "Failed" or "Succeeded";
        return isOver ? new TargetState.Never(trouble) : new TargetState.NotYet(trouble);
    }

    private static string WhyNot(V1Pod pod)
    {
        var waiting = PodContainers.StatusesOf(pod).Select(s => s.Status.State?.Waiting).FirstOrDefault(w => w?.Reason is not null);
        var unscheduled = pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" });
        var (reason, message) = (pod.Status?.Reason ?? waiting?.Reason ?? unscheduled?.Reason, pod.Status?.Message ?? waiting?.Message ?? unscheduled?.Message);
        return reason is null ? "" : string.IsNullOrEmpty(message) ? $" ({reason})" : $" ({reason}: {message})";
    }
}
