using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Forensics.Controller.Checkpoints.Nodes;

namespace Forensics.Controller;

/// <summary>Makes flags of each type: how a value is read, what is wrong with one that is not of its form, and the default in the help.</summary>
internal static partial class Flags
{
    private static readonly string[] KnownRuntimes = ["docker", "containerd", "cri-o"];

    public static Option<bool> Switch(string name, string description) => new(name)
    {
        Description = description,
    };

    public static Option<string> Text(string name, string valueName, string defaultValue, string description, Func<string, string?>? check = null) =>
        Parsed(name, valueName, defaultValue, description, defaultValue, text => (text, text.Length == 0 ? null : check?.Invoke(text)));

    public static Option<TimeSpan> Duration(string name, TimeSpan defaultValue, string description) =>
        Parsed(name, "DURATION", defaultValue, description, GoDuration.Format(defaultValue),
            text => GoDuration.TryParse(text, out var duration) ? (duration, null) : (default, $"'{text}' is not a duration such as 90s, 5m or 1h30m"));

    public static Option<int> Number(string name, int defaultValue, int least, int most, string description) =>
        Parsed(name, "NUMBER", defaultValue, description, defaultValue.ToString(CultureInfo.InvariantCulture),
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? (number, null)
                : (0, $"'{text}' is not a number from {least} to {most}"));

    public static Option<T> Choice<T>(string name, string values, T defaultValue, string description)
        where T : struct, Enum
    {
        var byWord = values.Split('|').ToDictionary(word => word, word => Enum.Parse<T>(word, ignoreCase: true));
        return Parsed(name, values, defaultValue, description, byWord.Single(pair => pair.Value.Equals(defaultValue)).Key,
            text => byWord.TryGetValue(text, out var value) ? (value, null) : (default, $"'{text}' is none of {values}"));
    }

    public static Option<string[]> List(
        string name, string valueName, string description, Func<string, string?> check, string[]? defaultValue = null) => new(name)
        {
            HelpName = valueName,
            Description = WithDefault(description, string.Join(',', defaultValue ?? [])),
            DefaultValueFactory = _ => defaultValue ?? [],
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                string[] values =
                [
                    .. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(),
                ];
                foreach (var error in values.Select(check).OfType<string>()) result.AddError($"{name}: {error}.");
                return values;
            },
        };

    public static string? NamespaceError(string text) =>
        NamespaceForm().IsMatch(text) ? null : $"'{text}' is not a namespace name (lower-case letters, digits and -, 63 at the most)";

    public static string? RuntimeError(string text) =>
        KnownRuntimes.Contains(text) ? null : $"'{text}' is none of {string.Join(", ", KnownRuntimes)}";

    public static string? NodePathError(string text) => NodePath.Parse(text, out var error) is null ? error : null;

    public static string? FolderError(string text) => text.StartsWith('/') ? null : $"'{text}' is not an absolute path";

    public static string? AddressError(string text) =>
        text == ListenAddress.Off || ListenAddress.TryParse(text, out _) ? null : $"'{text}' is not of the form :8080, 127.0.0.1:8080 or 0";

    public static string? DestinationError(string text) =>
        DestinationForm().IsMatch(text) ? null : $"'{text}' is not of the form s3://bucket[/prefix], with * within a segment";

    private static Option<T> Parsed<T>(
        string name, string valueName, T defaultValue, string description, string defaultText, Func<string, (T Value, string? Error)> parse) => new(name)
        {
            HelpName = valueName,
            Description = WithDefault(description, defaultText),
            DefaultValueFactory = _ => defaultValue,
            Arity = ArgumentArity.OneOrMore,
            // The last one counts, as with upstream's flags: a Kustomize overlay can only append to what its base says.
            CustomParser = result => Report(result, name, parse(result.Tokens[^1].Value)),
        };

    private static T Report<T>(ArgumentResult result, string name, (T Value, string? Error) read)
    {
        if (read.Error is not null) result.AddError($"{name}: {read.Error}.");
        return read.Value;
    }

    private static string WithDefault(string description, string defaultText) =>
        defaultText.Length == 0 ? description : $"{description} Default: {defaultText}";

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceForm();

    [GeneratedRegex(@"\A(s3://)?[a-z0-9.*-]+(/[A-Za-z0-9!_.*'()=+@:-]+)*/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DestinationForm();
}
