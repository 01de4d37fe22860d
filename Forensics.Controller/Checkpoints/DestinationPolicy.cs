using System.Text.RegularExpressions;
using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Where evidence may go. Whoever may create a PodCheckpoint could otherwise send any pod's files anywhere.</summary>
internal static class DestinationPolicy
{
    /// <param name="patterns"><c>bucket[/prefix]</c>, with or without <c>s3://</c>; a <c>*</c> stands for any characters within one
    /// segment. A pattern's segments must match the destination's first ones, whole: <c>cases</c> allows <c>cases/a</c> and not
    /// <c>cases-of-mallory</c>. No pattern at all allows everything.</param>
    /// <param name="destination">Destination and subpath joined.</param>
    public static bool Allows(IReadOnlyList<string> patterns, Destination destination)
    {
        string[] segments = [destination.Bucket, .. destination.Prefix.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        return patterns.Count == 0 || patterns.Any(pattern => Matches(SegmentsOf(pattern), segments));
    }

    private static string[] SegmentsOf(string pattern)
    {
        const string Scheme = "s3://";
        var path = pattern.StartsWith(Scheme, StringComparison.Ordinal) ? pattern[Scheme.Length..] : pattern;
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    // An empty pattern names no bucket, so it matches none.
    private static bool Matches(string[] pattern, string[] segments) =>
        pattern.Length > 0 && pattern.Length <= segments.Length
        && pattern.Zip(segments).All(pair => MatchesSegment(pair.First, pair.Second));

    // NonBacktracking: the segment is whatever a user wrote, and several stars must not make it slow.
    private static bool MatchesSegment(string pattern, string segment) => Regex.IsMatch(
        segment,
        $@"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
