using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>What live reads show about an agent that does not start.</summary>
internal sealed record AgentSymptoms
{
    /// <summary>The agent's pod; null if the Job has made none.</summary>
    public AgentPod? Pod { get; init; }

    /// <summary>The target's node; null if the API server does not know it.</summary>
    public V1Node? Node { get; init; }
    public string NodeName { get; init; } = "";

    /// <summary>Of the pod, or of the Job if there is no pod.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];
    public string WorkerNamespace { get; init; } = "";
}

/// <summary>Says why an agent does not start, and what a person can do about it. Nothing here is final: a quota is raised, an
/// image is pushed. It becomes the verdict when the start timeout has passed.</summary>
internal static class AgentDiagnosis
{
    private static readonly string[] ImageTroubles =
        ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable"];

    private static readonly string[] MountEvents = ["FailedMount", "FailedAttachVolume", "FailedMapVolume"];

    /// <summary>Null if nothing is known to be wrong: it may just be slow.</summary>
    public static Trouble? Of(AgentSymptoms seen) => seen.Pod is null ? WithoutPod(seen) : WithPod(seen.Pod, seen);

    private static Trouble? WithoutPod(AgentSymptoms seen) => Newest(seen, "FailedCreate") is { } refusal
        ? new Trouble(Reasons.AgentRejected, PlainText.Of(
            $"The cluster refuses the agent's pod: {refusal}. Allow it in '{seen.WorkerNamespace}' (Pod Security, quota, webhooks).", 1000))
        : null;

    private static Trouble? WithPod(AgentPod pod, AgentSymptoms seen) =>
        Unschedulable(pod) ?? NodeTrouble(seen) ?? ImageTrouble(pod) ?? MountTrouble(seen) ?? ContainerTrouble(pod);

    private static Trouble? Unschedulable(AgentPod pod) =>
        pod.Unscheduled is { } condition
            ? new Trouble(Reasons.AgentUnschedulable, PlainText.Of(
                $"The agent cannot be scheduled to the pod's node: {condition.Reason}: {condition.Message}. "
                + "Free resources there, or lower the requests in the PodTemplate.", 1000))
            : null;

    private static Trouble? NodeTrouble(AgentSymptoms seen) => TargetCheck.OfNode(seen.NodeName, seen.Node);

    private static Trouble? ImageTrouble(AgentPod pod) => WaitingOf(pod) is { Reason: not null } waiting && ImageTroubles.Contains(waiting.Reason)
        ? new Trouble(Reasons.AgentImageNotPulled, PlainText.Of(
            $"The node cannot get the agent's image '{AgentWatch.AgentStatusOf(pod)?.Image}': {waiting.Reason}: {waiting.Message}. "
            + "Set the image in the PodTemplate or by --worker-image, with pull secrets if it needs them.", 1000))
        : null;

    private static Trouble? MountTrouble(AgentSymptoms seen) => Newest(seen, MountEvents) is { } message
        ? new Trouble(Reasons.AgentMountFailed, PlainText.Of(
            $"The node cannot mount what the agent needs: {message}. {MountAdvice(message, seen.WorkerNamespace)}", 1000))
        : null;

    // Of what the kubelet gets from the API server: the plan, or what somebody has added to the PodTemplate.
    private static string MountAdvice(string message, string workerNamespace)
    {
        var isPath = Names("hostPath"); // Which may have any word in it.
        return !isPath && (Names("configmap") || Names("secret"))
            ? $"If it is not there, make it in '{workerNamespace}'."
            : "If its node keeps that elsewhere, say where by --node-paths.";

        bool Names(string kind) => message.Contains(kind, StringComparison.OrdinalIgnoreCase);
    }

    private static Trouble? ContainerTrouble(AgentPod pod) => WaitingOf(pod) is { Reason: not (null or "ContainerCreating" or "PodInitializing") } waiting
        ? new Trouble(Reasons.AgentNotStarted, PlainText.Of($"The agent's container does not start: {waiting.Reason}: {waiting.Message}.", 1000))
        : null;

    private static AgentTrouble? WaitingOf(AgentPod pod) => AgentWatch.AgentStatusOf(pod)?.Waiting;

    private static string? Newest(AgentSymptoms seen, params string[] reasons) => seen.Events
        .Where(e => reasons.Contains(e.Reason))
        .OrderByDescending(e => e.LastTimestamp ?? e.EventTime ?? e.FirstTimestamp)
        .FirstOrDefault()?.Message;
}
