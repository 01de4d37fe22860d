using System.Text;

namespace Forensics.Local;

/// <summary>
/// Package lists of our own, kept apart from the machine's: derived from where the machine itself gets Debian from, and
/// untouched by any other source it has, broken ones included.
/// </summary>
internal sealed class AptLists
{
    /// <summary>The release that all of this is made for.</summary>
    public const string Codename = "bookworm";

    /// <summary>The release after it, for single programs that the first has too old. Nothing of it is installed.</summary>
    public const string NextCodename = "trixie";

    private readonly string _folder;
    private readonly string _sources;

    private AptLists(string folder, string sources)
    {
        _folder = folder;
        _sources = sources;
    }

    /// <summary>Binary packages and sources of the machine's own release, with its updates.</summary>
    public static AptLists OfThisRelease(LocalPaths paths) =>
        new(paths.Cached("apt/" + Codename), Stanzas(DebianSources(), "deb deb-src"));

    public static AptLists OfNextRelease(LocalPaths paths)
    {
        var main = DebianSources().First(source => source.Suites.Contains(Codename));
        return new AptLists(paths.Cached("apt/" + NextCodename), Stanzas([main with { Suites = [NextCodename] }], "deb"));
    }

    /// <summary>Fetches the lists unless some are there. Those may be old: enough to say what the packages are called.</summary>
    public Task EnsureAsync(CancellationToken cancellation) =>
        File.Exists(Path.Combine(_folder, "sources.d", "debian.sources")) ? Task.CompletedTask : UpdateAsync(cancellation);

    /// <summary>Fetches the lists.</summary>
    public async Task UpdateAsync(CancellationToken cancellation)
    {
        foreach (var folder in new[] { "sources.d", "lists/partial", "cache/archives/partial" })
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        await File.WriteAllTextAsync(Path.Combine(_folder, "sources.d", "debian.sources"), _sources, cancellation);
        await Command.RunAsync(Apt("update", "-q"), cancellation);
    }

    /// <summary>An apt-get that sees nothing but these lists.</summary>
    public CommandLine Apt(params IReadOnlyList<string> arguments) =>
        new CommandLine(
            "/usr/bin/apt-get",
            [
                "-o", "Dir::Etc::sourcelist=/dev/null",
                "-o", $"Dir::Etc::sourceparts={Path.Combine(_folder, "sources.d")}",
                "-o", $"Dir::State::lists={Path.Combine(_folder, "lists")}",
                "-o", $"Dir::Cache={Path.Combine(_folder, "cache")}",
                // apt's own user could not read the folder.
                "-o", "APT::Sandbox::User=root",
                "-o", "Acquire::Languages=none",
                "-o", "Acquire::Retries=3",
                // Another apt may be at work on the machine.
                "-o", "DPkg::Lock::Timeout=300",
                .. arguments,
            ])
            .With("DEBIAN_FRONTEND", "noninteractive");

    private static List<AptSource> DebianSources()
    {
        var sources = Choose(MachineSources());
        return sources.Any(source => source.Suites.Contains(Codename))
            ? sources
            : throw new LocalClusterException(
                $"apt has no source for Debian 12 ({Codename} main). Add one to /etc/apt/sources.list, such as:\n"
                + $"  deb http://deb.debian.org/debian {Codename} main");
    }

    /// <summary>Of all sources, those of this release's main component.</summary>
    public static List<AptSource> Choose(IEnumerable<AptSource> sources)
    {
        var wanted = new[] { Codename, Codename + "-updates", Codename + "-security" };
        return
        [
            .. sources
                .Where(source => source.Components.Contains("main"))
                .Select(source => source with { Suites = [.. source.Suites.Intersect(wanted)], Components = ["main"] })
                .Where(source => source.Suites.Count > 0),
        ];
    }

    /// <summary>Writes sources as deb822 stanzas.</summary>
    public static string Stanzas(IEnumerable<AptSource> sources, string types)
    {
        var text = new StringBuilder();
        foreach (var source in sources)
        {
            text.Append("Types: ").Append(types).Append('\n');
            text.Append("URIs: ").AppendJoin(' ', source.Uris).Append('\n');
            text.Append("Suites: ").AppendJoin(' ', source.Suites).Append('\n');
            text.Append("Components: ").AppendJoin(' ', source.Components).Append('\n');
            if (source.SignedBy is { } key) text.Append("Signed-By: ").Append(key).Append('\n');
            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<AptSource> MachineSources()
    {
        const string List = "/etc/apt/sources.list";
        const string Parts = "/etc/apt/sources.list.d";
        var files = (string[])
        [
            .. File.Exists(List) ? (string[])[List] : [],
            .. Directory.Exists(Parts) ? Directory.GetFiles(Parts).Order(StringComparer.Ordinal) : Enumerable.Empty<string>(),
        ];
        foreach (var file in files)
        {
            var parsed = Path.GetExtension(file) switch
            {
                ".list" => AptSourceParser.ParseList(File.ReadAllText(file)),
                ".sources" => AptSourceParser.ParseDeb822(File.ReadAllText(file)),
                _ => [],
            };
            foreach (var source in parsed) yield return source;
        }
    }
}
