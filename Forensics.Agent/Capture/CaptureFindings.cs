using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>All that is known when the last artifact is done, and what it amounts to.</summary>
/// <param name="Stop">Null if nothing stopped the capture.</param>
/// <param name="Blind">Set if the runtime did not say which containers it holds for the pod.</param>
internal sealed record CaptureFindings(
    CapturePlan Plan,
    string Location,
    IReadOnlyList<ArtifactRecord> OfPod,
    IReadOnlyList<ContainerRecord> Containers,
    CaptureStop? Stop,
    RuntimeException? Blind)
{
    /// <summary>In the order in which an examiner reads them: the pod's, then each container's.</summary>
    public IReadOnlyList<ArtifactRecord> Artifacts { get; } =
        [.. OfPod, .. Containers.SelectMany(container => container.Artifacts)];

    public bool IsWhole => Stop is null && Blind is null && Artifacts.All(artifact => CaptureVerdict.IsWhole(artifact.State));

    public long Bytes => Artifacts.Sum(artifact => artifact.Bytes ?? 0);

    public int Objects => Artifacts.Count(artifact => artifact.Sha256 is not null);

    /// <summary>Why it is not whole; meaningless if it is.</summary>
    public string Reason => this switch
    {
        { Stop: { } stop } => stop.Reason,
        { Blind.Reason: Reasons.RuntimeUnreachable } => Reasons.RuntimeUnreachable,
        _ when EveryFailureIs(Reasons.ContainerGone) => Reasons.ContainerGone,
        _ => Reasons.Incomplete,
    };

    /// <summary>What is missing and why, a line each.</summary>
    public IReadOnlyList<string> Missing => [.. NotListed, .. CaptureVerdict.Missing(Artifacts)];

    private IEnumerable<string> NotListed => Blind is null
        ? []
        : [$"The runtime did not say which containers it holds for the pod, so that some may be missing: {Blind.Message}"];

    private bool EveryFailureIs(string reason)
    {
        var failures = Artifacts.Where(artifact => !CaptureVerdict.IsWhole(artifact.State)).ToList();
        return Blind is null && failures.Count > 0 && failures.TrueForAll(artifact => artifact.Reason == reason);
    }
}
