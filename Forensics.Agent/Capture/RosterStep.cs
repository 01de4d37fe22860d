using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Who is to be captured: every instance of the plan, then whatever else the runtime holds for the pod's UID. The plan
/// comes from the API server, which a compromised node may have lied to; the runtime knows what is there.</summary>
internal static class RosterStep
{
    public static IReadOnlyList<CaptureSubject> Subjects(CapturePlan plan, IReadOnlyList<HeldContainer> held)
    {
        var planned = plan.Containers.SelectMany(Instances).ToList();
        var known = planned.Select(subject => subject.Id).ToHashSet();
        var others = held.Where(container => !known.Contains(container.Id)).Select(container => new CaptureSubject(
            container.Name is { } name ? EscapedText.Of(name) : ShortId(container.Id), // Of one that nobody planned, a label that anybody chose.
            container.IsSandbox ? ContainerKind.Sandbox : ContainerKind.Unplanned,
            container.Id,
            Previous: false,
            container.Image,
            container.ImageId));
        return [.. planned, .. others];
    }

    private static IEnumerable<CaptureSubject> Instances(PlannedContainer container)
    {
        yield return new CaptureSubject(container.Name, container.Kind, container.Id, false, container.Image, container.ImageId);
        // The image may have been another then.
        if (container.LastTerminatedId is { } last) yield return new CaptureSubject(container.Name, container.Kind, last, true, null, null);
    }

    private static string ShortId(string id) => id[..Math.Min(12, id.Length)];
}
