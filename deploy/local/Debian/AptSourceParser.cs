namespace Forensics.Local;

/// <summary>
/// Reads apt's two source formats (sources.list(5)): one line an entry, and deb822 stanzas. Only binary archives
/// (<c>deb</c>) that are not disabled count. What it does not understand it passes over: that entry is then not used.
/// </summary>
internal static class AptSourceParser
{
    /// <summary>Parses a <c>.list</c> file.</summary>
    public static IReadOnlyList<AptSource> ParseList(string text)
    {
        var sources = new List<AptSource>();
        foreach (var line in text.Split('\n'))
        {
            var words = WordsOf(line);
            if (words is not ["deb", .. var rest]) continue;
            string? signedBy = null;
            if (rest is [['[', ..], ..])
            {
                var end = Array.FindIndex(rest, word => word.EndsWith(']'));
                if (end < 0) continue;
                signedBy = string.Join(' ', rest[..(end + 1)]).Trim('[', ']').Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .FirstOrDefault(option => option.StartsWith("signed-by=", StringComparison.Ordinal))?["signed-by=".Length..];
                rest = rest[(end + 1)..];
            }

            if (rest is [var uri, var suite, .. { Length: > 0 } components])
                sources.Add(new AptSource([uri], [suite], components, signedBy));
        }

        return sources;
    }

    /// <summary>Parses a <c>.sources</c> file.</summary>
    public static IReadOnlyList<AptSource> ParseDeb822(string text)
    {
        var sources = new List<AptSource>();
        foreach (var fields in StanzasOf(text))
        {
            var enabled = fields.GetValueOrDefault("enabled", "yes").Trim();
            if (enabled is "no" or "false" or "0" || !Words("types").Contains("deb")) continue;
            sources.Add(new AptSource(
                Words("uris"), Words("suites"), Words("components"), fields.GetValueOrDefault("signed-by")?.Trim()));

            string[] Words(string field) => WordsOf(fields.GetValueOrDefault(field, ""));
        }

        return sources;
    }

    private static string[] WordsOf(string text) =>
        text.Split('#')[0].Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<Dictionary<string, string>> StanzasOf(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith('#')) continue;
            if (string.IsNullOrWhiteSpace(line))
            {
                if (fields.Count > 0) yield return fields;
                fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            }
            else if (char.IsWhiteSpace(line[0]) && fields.ContainsKey(last))
            {
                fields[last] += "\n" + line;
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                last = line[..colon].Trim();
                fields[last] = line[(colon + 1)..].Trim();
            }
        }

        if (fields.Count > 0) yield return fields;
    }
}
