namespace Forensics.Local;

/// <summary>Runs the tests: those that need the one-machine cluster too, or only those that need none.</summary>
internal sealed class TestTask(LocalPaths paths, TextWriter output, TextWriter error) : ITask
{
    private const string WhatIsLeftOut = "the component and end-to-end tests, which need Kubernetes, Docker, containerd and S3";

    public string Name => "test";

    public string Summary => "run all tests, on a real cluster that it brings up";

    public string Help => """
        Usage: dotnet run build.cs test [--unit | --long] [--filter EXPRESSION] [--keep]

        Brings the one-machine cluster up, deploys this checkout to it, runs the tests, and takes the cluster down
        again if it was not up before. Needs root, on Debian 12; the first run builds what it needs (10 minutes or so).
        The last line is "N passed, N failed", unless the tests cannot be built. A test that was skipped is a failure too.

          --unit               only the tests that need no cluster; the same without root
          --long               the long tests as well, each of which takes minutes
          --filter EXPRESSION  only some tests, in the words of dotnet test: Name~queue, FullyQualifiedName~S3
          --keep               leave the cluster up
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var unitOnly = arguments.TakeFlag("--unit");
        var withLong = arguments.TakeFlag("--long");
        var keep = arguments.TakeFlag("--keep");
        var filter = arguments.TakeValue("--filter");
        arguments.RejectTheRest();
        if (unitOnly && withLong) throw new UsageException("--unit and --long exclude each other: long tests need the cluster.");
        var needsNoCluster = unitOnly || !Environment.IsPrivilegedProcess;
        if (needsNoCluster) progress.Say($"Left out: {WhatIsLeftOut}{(unitOnly ? "" : ", and so root")}");
        var result = needsNoCluster
            ? await RunQuickAsync(filter, progress, cancellation)
            : await RunOnClusterAsync(withLong ? TestScope.Long : TestScope.Cluster, keep, filter, progress, cancellation);

        foreach (var failure in result.Summary.Failures) await error.WriteLineAsync(failure.ToString());
        foreach (var complaint in result.Complaints) await error.WriteLineAsync("error: " + complaint);
        await output.WriteLineAsync(result.Summary.ToString());
        return result.Complaints.Count == 0 ? 0 : 1;
    }

    private async Task<TestRunResult> RunOnClusterAsync(
        TestScope scope, bool keep, string? filter, Progress progress, CancellationToken cancellation)
    {
        var cluster = new LocalCluster(paths, progress.Time);
        var wasUp = cluster.IsUp;
        try
        {
            var tests = new DotnetTest(RepositoryRoot.Find(), scope, filter);
            await new LocalDeployment(paths, cluster).UpAsync(progress, cancellation, before: token => BuildAsync(tests, progress, token));
            await new TestPrograms(paths).EnsureAsync(AptLists.OfThisRelease(paths), progress, cancellation);
            return await RunAsync(tests, progress, cancellation);
        }
        finally
        {
            // Also when interrupted: what was started here is stopped here.
            if (!wasUp && !keep) await cluster.DownAsync(progress, purge: false, CancellationToken.None);
        }
    }

    private static async Task<TestRunResult> RunQuickAsync(string? filter, Progress progress, CancellationToken cancellation)
    {
        var tests = new DotnetTest(RepositoryRoot.Find(), TestScope.Quick, filter);
        await BuildAsync(tests, progress, cancellation);
        return await RunAsync(tests, progress, cancellation);
    }

    private static async Task BuildAsync(DotnetTest tests, Progress progress, CancellationToken cancellation)
    {
        progress.Say("Tests: building them");
        await tests.BuildAsync(line => Show(line, progress), cancellation);
        progress.Say("Tests: built");
    }

    private static async Task<TestRunResult> RunAsync(DotnetTest tests, Progress progress, CancellationToken cancellation)
    {
        progress.Say("Tests: running them");
        return await tests.RunAsync(line => Show(line, progress), cancellation);
    }

    private static void Show(string line, Progress progress)
    {
        if (!string.IsNullOrWhiteSpace(line)) progress.Say(line);
    }
}
