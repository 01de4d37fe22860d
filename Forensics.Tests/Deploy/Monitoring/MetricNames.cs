using System.Text.RegularExpressions;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>Finds the metrics that a PromQL expression is about.</summary>
internal static partial class MetricNames
{
    private static readonly string[] Operators = ["and", "or", "unless", "by", "on", "without", "ignoring", "bool", "offset"];

    public static IEnumerable<string> Of(string expression)
    {
        var bare = NotMetrics().Replace(expression, " ");
        return Name().Matches(bare).Select(match => match.Value).Except(Operators);
    }

    /// <summary>Of a scrape's text: the name at the start of every sample.</summary>
    public static IReadOnlySet<string> Scraped(string text) => text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => Name().Match(line).Value).ToHashSet();

    // Label matchers, ranges, and lists of labels.
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(by|on|without|ignoring)\s*\([^)]*\)")]
    private static partial Regex NotMetrics();

    // What a parenthesis follows is a function.
    [GeneratedRegex(@"[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")]
    private static partial Regex Name();
}
