namespace Forensics.Local;

/// <summary>A program with its arguments, never passed through a shell's parser.</summary>
internal sealed record CommandLine(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Added to the environment that we run in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingDirectory { get; init; }

    /// <summary>Debian keeps daemons and runc in sbin, which a user's PATH may lack.</summary>
    public const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public CommandLine With(string name, string value) =>
        this with { Environment = new Dictionary<string, string>(Environment) { [name] = value } };

    public override string ToString() => string.Join(' ', [Program, .. Arguments]);
}
