using System.CommandLine;
using System.CommandLine.Invocation;

namespace Forensics.Controller;

/// <summary>Flags that belong together, under one heading in the help.</summary>
internal sealed record FlagGroup(string Title, IReadOnlyList<Option> Options);

/// <summary>Prints --help: flags by group, each with what it means and its default.</summary>
internal sealed class CommandHelp(RootCommand root, IReadOnlyList<FlagGroup> groups) : SynchronousCommandLineAction
{
    private const int Width = 92;
    private const string Indent = "      ";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"forensics-controller {BuildInfo.Version}");
        output.WriteLine(root.Description);
        output.WriteLine("Durations are like 90s, 5m or 1h30m. Lists may also be given by repeating the flag.");
        foreach (var group in groups)
        {
            output.WriteLine();
            output.WriteLine($"{group.Title}:");
            foreach (var option in group.Options) WriteOption(output, option);
        }

        output.WriteLine();
        output.WriteLine("Other:");
        output.WriteLine("  --help, --version");
        return 0;
    }

    private static void WriteOption(TextWriter output, Option option)
    {
        output.WriteLine($"  {option.Name} {option.HelpName}".TrimEnd());
        foreach (var line in Wrap(option.Description ?? "")) output.WriteLine(Indent + line);
    }

    private static IEnumerable<string> Wrap(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length + Indent.Length >= Width)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : " " + word;
        }

        yield return line;
    }
}
