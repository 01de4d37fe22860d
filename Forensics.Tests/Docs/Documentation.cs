using Forensics.Local;

namespace Forensics.Tests.Docs;

/// <summary>What people read, so that tests can hold it against what is.</summary>
internal static class Documentation
{
    public static IReadOnlyList<string> Lines(string file) =>
        File.ReadAllLines(Path.Combine(RepositoryRoot.Find(), file == "README.md" ? file : $"docs/{file}"));

    /// <summary>The code block whose first line is this one.</summary>
    public static string CodeBlock(string file, string firstLine)
    {
        var block = Lines(file).SkipWhile(line => line != firstLine).TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal)).ToList();
        block.Should().NotBeEmpty($"{file} has a block that begins with {firstLine}");
        return string.Join('\n', block);
    }

    /// <summary>The cells of each row of the table with this head.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Table(string file, string head)
    {
        var rows = Lines(file).SkipWhile(line => line != head).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => (IReadOnlyList<string>)[.. line.Trim('|').Split('|', StringSplitOptions.TrimEntries)])
            .ToList();
        rows.Should().NotBeEmpty($"{file} has the table {head}");
        return rows;
    }
}
