namespace Forensics.Tests.Cluster.Faults;

/// <summary>A small patch of one file, in the unified format. Where the lines are is found by what they say, not by their numbers, so
/// that a patch holds until somebody changes the very lines that it is about; and nothing needs to be installed.</summary>
internal sealed record SourcePatch(string File, IReadOnlyList<SourcePatch.Hunk> Hunks)
{
    private const string FileMark = "+++ b/";

    /// <summary>Whole lines, each with its end.</summary>
    internal sealed record Hunk(string Before, string After);

    public static SourcePatch Parse(IReadOnlyList<string> lines)
    {
        var file = lines.Single(line => line.StartsWith(FileMark, StringComparison.Ordinal))[FileMark.Length..];
        var starts = Enumerable.Range(0, lines.Count).Where(n => lines[n].StartsWith("@@ ", StringComparison.Ordinal)).Append(lines.Count).ToList();
        return new SourcePatch(file, [.. starts.Zip(starts.Skip(1), (from, to) => HunkOf([.. lines.Skip(from + 1).Take(to - from - 1)]))]);
    }

    /// <exception cref="InvalidOperationException">The lines are not there, or not once only.</exception>
    public string Apply(string source) => Hunks.Aggregate(source, Apply);

    private string Apply(string source, Hunk hunk)
    {
        var first = source.IndexOf(hunk.Before, StringComparison.Ordinal);
        var isThereOnce = first >= 0 && source.IndexOf(hunk.Before, first + 1, StringComparison.Ordinal) < 0;
        if (!isThereOnce)
            throw new InvalidOperationException($"{File} must have these lines once, and has them {(first < 0 ? "not at all" : "more often")}; make the patch anew:\n{hunk.Before}");
        return source[..first] + hunk.After + source[(first + hunk.Before.Length)..];
    }

    private static Hunk HunkOf(IReadOnlyList<string> lines) => new(Side(lines, '-'), Side(lines, '+'));

    private static string Side(IReadOnlyList<string> lines, char own) =>
        string.Concat(lines.Where(line => line.Length == 0 || line[0] == ' ' || line[0] == own).Select(line => (line.Length == 0 ? "" : line[1..]) + "\n"));
}
