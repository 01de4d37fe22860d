namespace Forensics.Local;

/// <summary>Programs that only tests use, unpacked into the cache: nothing is installed, and no service starts.</summary>
internal sealed class TestPrograms(LocalPaths paths)
{
    private static readonly string[] Names = ["docker-registry", "prometheus", "sleuthkit", "zstd"];

    private string Folder => paths.Cached("test-programs-2");

    /// <summary>Docker's own registry.</summary>
    public string Registry => Find("docker-registry");

    public string Prometheus => Find("prometheus");

    /// <summary>Checks Prometheus' rules and runs their unit tests.</summary>
    public string Promtool => Find("promtool");

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
