using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Words the end of a capture that has no agent to speak for it: its plan or Job is missing or another's, or the original began it.</summary>
internal static class NoAgentVerdict
{
    public static Verdict NameTaken(string kind, Observation seen, CaptureOptions options) => new(
        Reasons.NameTaken,
        $"There is a {kind} '{CaptureIdentity.NameOf(seen.Checkpoint)}' in '{options.WorkerNamespace}' that this controller did not make, so it was "
        + "left alone and no agent was started. Find out who made it, remove it, and apply the PodCheckpoint again under another name.");

    public static Verdict JobDeleted(Observation seen) => new(
        Reasons.JobDeleted,
        $"The Job was deleted while the agent had not finished; it is not made again, so that nothing is collected twice. {Evidence(seen)}")
    {
        RestsOnAbsence = true,
        MayHaveStored = true,
    };

    // It rests on no end being there: the original may still be at work, and the cache behind it.
    public static Verdict BegunUpstream(Observation seen) => new(
        Reasons.OutcomeUnknown,
        "The original kube-forensics had begun this capture, and has not said how it ended; it is not begun again, so that nothing is collected twice. "
        + $"Look in {PlainText.Of(seen.Checkpoint.Spec.Destination, 200)} for what it stored. To capture the pod now, apply a PodCheckpoint of another name.")
    {
        RestsOnAbsence = true,
        MayHaveStored = true,
    };

    public static Verdict PlanDeleted(Observation seen) => new(
        Reasons.JobDeleted,
        $"The plan of this capture was deleted, and its Job with it; neither is made again, so that nothing is collected twice. {Evidence(seen)}")
    {
        RestsOnAbsence = true,
        MayHaveStored = true,
    };

    // That no agent was seen proves nothing: one may have worked while no controller looked.
    private static string Evidence(Observation seen) => (seen.Location, seen.Plan?.Content) switch
    {
        ({ } location, _) => $"What was stored until then stays in {location}; without a manifest.json there it is not whole.",
        (_, { } plan) => "No agent was seen at work; if one was, its folder's name begins with "
            + $"{plan.Destination}/{EvidenceNames.Folder(plan.CreatedAt, plan.Target.Namespace, plan.Target.Pod, "")}",
        _ => "No evidence folder is known.",
    };
}
