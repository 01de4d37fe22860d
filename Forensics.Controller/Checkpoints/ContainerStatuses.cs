using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>The containers' lines in the status.</summary>
internal static class ContainerStatuses
{
    /// <summary>Containers that never started have no id and are listed all the same: nothing is silently absent.</summary>
    public static IReadOnlyList<ContainerStatus> Planned(CapturePlan plan) =>
        [.. plan.Containers.SelectMany(container => InstancesOf(container, plan.Target.Runtime))];

    /// <summary>The agent's account, and for what it left out (4 KiB is all it has) what follows from the whole.</summary>
    public static IReadOnlyList<ContainerStatus> AtTheEnd(IReadOnlyList<ContainerStatus> planned, Verdict verdict)
    {
        if (verdict.Outcome is not { } outcome)
            return [.. planned.Select(container => verdict.MayHaveStored ? Untold(container, verdict.Reason) : NotStored(container, verdict.Reason))];

        var reported = outcome.Containers.Select(Safe).ToList();
        var untold = planned.Where(container => !reported.Exists(r => IsSame(r, container)));
        return [.. reported, .. untold.Select(container => outcome switch
        {
            { Complete: true } => Proven(container),
            { ManifestSha256: null } => NotStored(container, verdict.Reason),
            _ => Untold(container, Reasons.SeeManifest),
        })];
    }

    private static IEnumerable<ContainerStatus> InstancesOf(PlannedContainer container, string runtime)
    {
        yield return Pending(container, container.Id, runtime);
        if (container.LastTerminatedId is { } previous) yield return Pending(container, previous, runtime);
    }

    private static ContainerStatus Pending(PlannedContainer container, string? id, string runtime) => Safe(new ContainerStatus
    {
        Name = container.Name,
        Kind = container.Kind,
        Runtime = runtime,
        Id = id,
        State = CaptureState.Pending,
    });

    // In a complete capture only a container that never started has nothing.
    private static ContainerStatus Proven(ContainerStatus container) => container.Id is null
        ? container with { State = CaptureState.Skipped, Reason = Reasons.NotStarted }
        : container with { State = CaptureState.Captured };

    private static ContainerStatus NotStored(ContainerStatus container, string reason) =>
        container with { State = CaptureState.Failed, Reason = reason };

    private static ContainerStatus Untold(ContainerStatus container, string reason) =>
        container with { State = CaptureState.Unknown, Reason = reason };

    private static bool IsSame(ContainerStatus reported, ContainerStatus planned) =>
        reported.Id is null || planned.Id is null ? reported.Name == planned.Name && reported.Id == planned.Id : reported.Id == planned.Id;

    // Names, ids and reasons are the node's word; an unplanned container's name is whatever its maker labelled it with.
    private static ContainerStatus Safe(ContainerStatus container) => container with
    {
        Name = PlainText.Of(container.Name, 100),
        Runtime = container.Runtime is { } runtime ? PlainText.Of(runtime, 20) : null,
        Id = container.Id is { } id ? PlainText.Of(id, 100) : null,
        Reason = container.Reason is { } reason ? PlainText.Of(reason, 100) : null,
    };
}
