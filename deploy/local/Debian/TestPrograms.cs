namespace Forensics.Local;

/// <summary>Programs that only tests use, unpacked into the cache: nothing is installed, and no service starts.</summary>
internal sealed class TestPrograms(LocalPaths paths)
{
    private static readonly string[] Names =
    [
        "docker-registry", "prometheus", "sleuthkit", "zstd",
        "libarchive-tools", "libarchive13", "libxml2", "libicu72", "libnettle8", "liblz4-1",
        "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libexpat1",
    ];

    private string Folder => paths.Cached("test-programs-3");

    /// <summary>Docker's own registry.</summary>
    public string Registry => Find("docker-registry");

    public string Prometheus => Find("prometheus");

    /// <summary>Checks Prometheus' rules and runs their unit tests.</summary>
    public string Promtool => Find("promtool");

    /// <summary>libarchive's tar.</summary>
    public CommandLine Bsdtar(params string[] arguments) => new CommandLine(Find("bsdtar"), arguments).With("LD_LIBRARY_PATH", Libraries);

    public CommandLine Python(params string[] arguments) => new CommandLine(Find("python3.11"), arguments)
        .With("LD_LIBRARY_PATH", Libraries).With("PYTHONHOME", Path.Combine(Folder, "usr")).With("PYTHONDONTWRITEBYTECODE", "1");

    /// <summary>What these programs load and a bare machine may not have.</summary>
    private string Libraries => string.Join(':', Directory.GetDirectories(Path.Combine(Folder, "usr/lib"), "*-linux-gnu"));

    /// <summary>Makes timelines of bodyfiles; a Perl script.</summary>
    public string Mactime => Find("mactime");

    public string Zstd => Find("zstd");

    public async Task EnsureAsync(AptLists lists, Progress progress, CancellationToken cancellation)
    {
        if (Directory.Exists(Folder)) return;
        progress.Say($"Test programs: fetching {string.Join(", ", Names)} (once)");
        await WholeFolder.MakeAsync(Folder, async folder =>
        {
            await lists.UpdateAsync(cancellation);
            await DebianArchive.ExtractAsync(lists, Names, folder, cancellation);
        });
    }

    private string Find(string name)
    {
        var program = Path.Combine(Folder, "usr/bin", name);
        return File.Exists(program)
            ? program
            : throw new LocalClusterException($"There is no {program}. Run: dotnet run build.cs cluster prepare");
    }
}
