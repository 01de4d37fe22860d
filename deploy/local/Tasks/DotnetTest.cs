namespace Forensics.Local;

/// <summary>One run of <c>dotnet test</c> whose outcome is counted from its report, not from what it prints.</summary>
/// <param name="filter">In the words of dotnet test; null for no further choice.</param>
internal sealed class DotnetTest(string repository, TestScope scope, string? filter)
{
    /// <summary>Names the folder of the images' published programs, which tests then start.</summary>
    public const string ProgramsVariable = "FORENSICS_NATIVE_PROGRAMS";

    private const string Configuration = "Release";

    // A test that hangs must not hang the build machine.
    private string HangLimit => scope == TestScope.Long ? "90m" : "10m";

    private string Settings => scope switch
    {
        TestScope.Quick => "quick.runsettings",
        TestScope.Cluster => "all.runsettings",
        _ => "long.runsettings",
    };

    private string Results => Path.Combine(repository, "artifacts/test-results");

    private string Project => Path.Combine(repository, "Forensics.Tests");

    /// <param name="onLine">Gets each line that dotnet build prints.</param>
    public async Task BuildAsync(Action<string> onLine, CancellationToken cancellation)
    {
        var exitCode = await Command.StreamAsync(
            new CommandLine(DotnetRuntime.Find().Program, "build", Project, "--configuration", Configuration, "-nologo", "--verbosity", "minimal")
            {
                WorkingDirectory = repository,
            },
            onLine,
            onLine,
            cancellation);
        if (exitCode != 0) throw new LocalClusterException("The tests could not be built; see what dotnet build said above.");
    }

    /// <summary>Runs what was built.</summary>
    /// <param name="onLine">Gets each line that dotnet test prints.</param>
    public async Task<TestRunResult> RunAsync(Action<string> onLine, CancellationToken cancellation)
    {
        if (Directory.Exists(Results)) Directory.Delete(Results, recursive: true);
        var exitCode = await Command.StreamAsync(
            new CommandLine(
                DotnetRuntime.Find().Program,
                [
                    "test", Project,
                    "--configuration", Configuration,
                    "--no-build",
                    "--settings", Path.Combine(Project, Settings),
                    "--results-directory", Results,
                    "--logger", "trx;LogFileName=tests.trx",
                    "--logger", "console;verbosity=normal",
                    "--blame-hang-timeout", HangLimit, "--blame-hang-dump-type", "none",
                    .. Filter(scope, filter),
                ])
            {
                WorkingDirectory = repository,
                Environment = EnvironmentOf(repository, scope),
            },
            onLine,
            onLine,
            cancellation);
        var report = Path.Combine(Results, "tests.trx");
        var summary = File.Exists(report) ? TestSummary.Parse(await File.ReadAllTextAsync(report, cancellation)) : new TestSummary();
        return new TestRunResult(summary, [.. Complaints(summary, exitCode)]);
    }

    /// <summary>With a cluster the programs were published before, since it runs their images.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string repository, TestScope scope) => scope == TestScope.Quick
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { [ProgramsVariable] = ImageBuild.FolderOf(repository) };

    /// <summary>A filter on the command line replaces the one in the settings: say both.</summary>
    public static IReadOnlyList<string> Filter(TestScope scope, string? filter) => (scope, filter) switch
    {
        (_, null) => [],
        (TestScope.Quick, _) => ["--filter", $"TestCategory!=Cluster&TestCategory!=Long&({filter})"],
        (TestScope.Cluster, _) => ["--filter", $"TestCategory!=Long&({filter})"],
        _ => ["--filter", filter],
    };

    /// <summary>Everything that makes a run no success.</summary>
    public static IEnumerable<string> Complaints(TestSummary summary, int exitCode)
    {
        if (summary.Failed > 0) yield return $"{summary.Failed} tests failed.";
        if (summary.Skipped.Count > 0) yield return $"{summary.Skipped.Count} tests were skipped: {string.Join(", ", summary.Skipped)}";
        if (summary.Total == 0) yield return "No test ran.";
        if (exitCode != 0 && summary.Failed == 0) yield return $"dotnet test ended with exit code {exitCode} before all was done; see its output above.";
    }
}
