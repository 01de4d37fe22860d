using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>How good a capture is, from its records alone.</summary>
internal static class CaptureVerdict
{
    /// <summary>The record whose state is worst; null if there are none.</summary>
    public static ArtifactRecord? WorstOf(IEnumerable<ArtifactRecord> artifacts) =>
        artifacts.MaxBy(artifact => Badness(artifact.State));

    public static bool IsWhole(CaptureState state) => state is CaptureState.Captured or CaptureState.Skipped;

    /// <summary>A line for each artifact that is not whole.</summary>
    public static IReadOnlyList<string> Missing(IEnumerable<ArtifactRecord> artifacts) => artifacts
        .Where(artifact => !IsWhole(artifact.State))
        .Select(artifact => $"{artifact.Name}: {artifact.State}, {artifact.Reason}: {artifact.Message}")
        .ToList();

    private static int Badness(CaptureState state) => state switch
    {
        CaptureState.Skipped => 0,
        CaptureState.Captured => 1,
        CaptureState.Partial => 2,
        _ => 3,
    };
}
