namespace Forensics.Local;

/// <summary>Runs the tests: all of them on the one-machine cluster, or those that need none.</summary>
internal sealed class TestTask(LocalPaths paths, TextWriter output, TextWriter error) : ITask
{
    private const string WhatIsLeftOut = "the component and end-to-end tests, which need Kubernetes, Docker, containerd and S3";

    public string Name => "test";

    public string Summary => "run all tests, on a real cluster that it brings up";

    public string Help => """
        Usage: dotnet run build.cs test [--unit] [--filter EXPRESSION] [--keep]

        Brings the one-machine cluster up, deploys this checkout to it, runs every test, and takes the cluster down
        again if it was not up before. Needs root, on Debian 12; the first run builds what it needs (15 minutes or so).
        The last line is "N passed, N failed". A test that was skipped is a failure too.

          --unit               only the tests that need no cluster; the same without root
          --filter EXPRESSION  only some tests, in the words of dotnet test: Name~queue, FullyQualifiedName~S3
          --keep               leave the cluster up
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var unitOnly = arguments.TakeFlag("--unit");
        var keep = arguments.TakeFlag("--keep");
        var filter = arguments.TakeValue("--filter");
        arguments.RejectTheRest();
        var needsNoCluster = unitOnly || !Environment.IsPrivilegedProcess;
        if (needsNoCluster) progress.Say($"Left out: {WhatIsLeftOut}{(unitOnly ? "" : ", and so root")}");
        var result = needsNoCluster
            ? await RunTestsAsync(all: false, filter, progress, cancellation)
            : await RunOnClusterAsync(keep, filter, progress, cancellation);

        foreach (var complaint in result.Complaints) await error.WriteLineAsync("error: " + complaint);
        await output.WriteLineAsync(result.Summary.ToString());
        return result.Complaints.Count == 0 ? 0 : 1;
    }

    private async Task<TestRunResult> RunOnClusterAsync(bool keep, string? filter, Progress progress, CancellationToken cancellation)
    {
        var cluster = new LocalCluster(paths, progress.Time);
        var wasUp = cluster.IsUp;
        try
        {
            await cluster.UpAsync(progress, cancellation);
            await new TestPrograms(paths).EnsureAsync(AptLists.OfThisRelease(paths), progress, cancellation);
            await new LocalDeployment(paths, cluster).ApplyAsync(progress, cancellation);
            return await RunTestsAsync(all: true, filter, progress, cancellation);
        }
        finally
        {
            // Also when interrupted: what was started here is stopped here.
            if (!wasUp && !keep) await cluster.DownAsync(progress, purge: false, CancellationToken.None);
        }
    }

    private static async Task<TestRunResult> RunTestsAsync(
        bool all, string? filter, Progress progress, CancellationToken cancellation)
    {
        progress.Say("Tests: building and running them");
        void Show(string line)
        {
            if (!string.IsNullOrWhiteSpace(line)) progress.Say(line);
        }

        return await new DotnetTest(RepositoryRoot.Find(), all, filter).RunAsync(Show, cancellation);
    }
}
