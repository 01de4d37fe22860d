using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Words the end of a capture that had a Job.</summary>
internal static class AgentVerdict
{
    private const int KilledBySignal = 137;

    /// <summary>The agent's own account.</summary>
    public static Verdict Of(CaptureOutcome outcome, AgentPod pod, Observation seen)
    {
        var location = LocationOf(pod, seen);
        return outcome.Complete
            ? new Verdict(Reasons.Captured, $"All evidence of the pod is in {location}. The pod may be deleted now.") { Outcome = outcome }
            : new Verdict(FailureOf(outcome), $"{PlainText.Of(outcome.Message, 1000)}{WhatIsLeft(outcome, location)}") { Outcome = outcome };
    }

    /// <summary>A pod that ended, or vanished, without an account that can be read.</summary>
    public static Verdict WithoutOutcome(AgentPod? pod, Observation seen)
    {
        if (IsDeadline(seen)) return DeadlineExceeded(seen);
        if (pod is not null && seen.Status.Phase != Phase.Capturing)
        {
            if (pod.Unscheduled is not null) return NeverStarted(pod);
            if (AgentWatch.AgentStatusOf(pod)?.Waiting is not null) return NotSeenToStart(pod, seen);
        }

        var where = pod is null ? seen.Location : LocationOf(pod, seen);
        return new Verdict(Reasons.OutcomeUnknown, $"{HowItEnded(pod)} {WhatToCheck(where)}") { MayHaveStored = true };
    }

    /// <param name="outcome">The agent's last words, if it had time for them.</param>
    public static Verdict DeadlineExceeded(Observation seen, CaptureOutcome? outcome = null) => new(
        Reasons.DeadlineExceeded,
        $"The capture did not end within its deadline of {seen.Job!.ActiveDeadlineSeconds} seconds and was stopped. "
        + (outcome?.ManifestSha256 is null ? WhatToCheck(seen.Location) : $"What was stored is in {seen.Location}; its manifest.json says what is missing."))
    {
        Outcome = outcome,
        MayHaveStored = true,
    };

    public static Verdict Replaced(Observation seen) => new(
        Reasons.AgentReplaced,
        "The agent's pod was deleted while it worked (a drained node, say), and Kubernetes makes another in its place. The Job is deleted, so that "
        + $"nothing is collected twice. {WhatToCheck(seen.Location)} Apply a new PodCheckpoint to capture again.")
    {
        MayHaveStored = true,
    };

    /// <summary>The time that an agent has to start is over.</summary>
    /// <param name="known">What keeps it from starting; null if the cluster does not say.</param>
    public static Verdict NotStartedInTime(Trouble? known, AgentPod? pod, Observation seen, CaptureOptions options)
    {
        var trouble = known ?? new Trouble(
            Reasons.AgentNotStarted,
            $"The agent did not start within {options.AgentStartTimeout.TotalSeconds:0} seconds, and the cluster does not say why. "
            + $"Look at its Job and pod in '{options.WorkerNamespace}' and at the node's kubelet.");

        // Any other trouble is the kubelet's own word that the container does not run.
        var nobodyHeardOfIt = known is null or { Reason: Reasons.NodeNotReady };
        if (!nobodyHeardOfIt || pod is not { Unscheduled: null }) return Verdict.Of(trouble);
        return new Verdict(trouble.Reason, $"{trouble.Message.TrimEnd('.')}. The agent may have started unheard. {WhatToCheck(LocationOf(pod, seen))}")
        {
            MayHaveStored = true,
        };
    }

    /// <summary>Empty if the agent has said it.</summary>
    private static string WhatIsLeft(CaptureOutcome outcome, string location) => outcome switch
    {
        { Objects: 0, ManifestSha256: null } => " Nothing was stored.",
        _ when PlainText.Of(outcome.Message, 1000).Contains(location, StringComparison.Ordinal) => "",
        _ => $" What was stored is in {location}.",
    };

    // The reason is text from the suspect node: only what looks like a reason is passed on as one.
    private static string FailureOf(CaptureOutcome outcome) =>
        outcome.Reason is { Length: <= 64 } reason && reason != Reasons.Captured && reason.All(char.IsAsciiLetterOrDigit)
            ? reason
            : Reasons.OutcomeUnknown;

    private static bool IsDeadline(Observation seen) => seen.Job is { } job && AgentWatch.EndOf(job) is { Type: "Failed", Reason: "DeadlineExceeded" };

    // No node ever had it.
    private static Verdict NeverStarted(AgentPod pod) => new(
        Reasons.AgentNotStarted,
        $"The agent's pod ended before its container started: {Say(pod.Reason, pod.Message)}. Nothing was stored.");

    // A node that was cut off may have started it unheard, and somebody else (the pod garbage collector, say) ended the pod for it.
    private static Verdict NotSeenToStart(AgentPod pod, Observation seen) => new(
        Reasons.AgentNotStarted,
        $"{WhatEnded(pod)}, and when its node last spoke of it its container had not started: {Say(pod.Reason, pod.Message)}. {WhatToCheck(LocationOf(pod, seen))}")
    {
        MayHaveStored = true,
    };

    private static string WhatEnded(AgentPod pod) => AgentWatch.IsOver(pod) ? "The agent's pod ended" : "The Job ended before the agent's pod did";

    private static string HowItEnded(AgentPod? pod)
    {
        if (pod is null) return "The Job ended, and its pod is gone with whatever it said.";
        if (AgentWatch.TerminationOf(pod) is not { } end)
            return $"{WhatEnded(pod)}, without a word of its container: {Say(pod.Reason, pod.Message)}.";

        var cause = (end.Reason, end.ExitCode) switch
        {
            ("OOMKilled", _) => " (it needed more memory than the PodTemplate's limit)",
            (_, KilledBySignal) => " (it was killed, by somebody or by its node)",
            _ => "",
        };
        var last = LastWords.Of(end.Message) is { } words ? $"it last said: {PlainText.Of(words)}" : "it said nothing";
        return $"The agent ended with {end.Reason ?? "Error"}{cause}, exit code {end.ExitCode}, and left no outcome; {last.TrimEnd('.')}.";
    }

    private static string WhatToCheck(string? location) => location is null
        ? "No evidence folder is known."
        : $"Check {location}: it is whole only if there is a manifest.json that says \"complete\": true, and its sums agree.";

    private static string Say(string? reason, string? message) =>
        PlainText.Of((reason, message) switch
        {
            ({ Length: > 0 }, { Length: > 0 }) => $"{reason}: {message}",
            _ => reason ?? message ?? "no reason is given",
        });

    private static string LocationOf(AgentPod pod, Observation seen) => EvidenceNames.Location(seen.Plan!.Content!, pod.Metadata.Uid);
}
