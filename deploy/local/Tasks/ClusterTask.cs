namespace Forensics.Local;

/// <summary>Brings the one-machine cluster up and down by hand.</summary>
internal sealed class ClusterTask(LocalPaths paths, TextWriter output) : ITask
{
    public string Name => "cluster";

    public string Summary => "bring the one-machine cluster up or down";

    public string Help => """
        Usage: dotnet run build.cs cluster up
               dotnet run build.cs cluster down [--purge]
               dotnet run build.cs cluster status

        up      starts Kubernetes 1.20 with a Docker node and a containerd node, and an S3 server, all on loopback.
                The first run builds Kubernetes (5 to 10 minutes); later ones take under a minute.
        down    stops all of it. Its state stays for the next up.
          --purge  deletes the state as well (never the cache of what was built)
        status  says what runs. Exit code 1 unless everything does.

        Needs root, on Debian 12. What the cluster is reached by stands in state/cluster.json.
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var verb = arguments.TakeWord() ?? throw new UsageException("Say up, down or status.");
        var purge = verb == "down" && arguments.TakeFlag("--purge");
        arguments.RejectTheRest();
        if (verb is not ("up" or "down" or "status")) throw new UsageException($"'{verb}' is not one of up, down, status.");
        Prerequisites.CheckRoot();
        switch (verb)
        {
            case "up":
                var cluster = new LocalCluster(paths, progress.Time);
                await cluster.UpAsync(progress, cancellation);
                await output.WriteLineAsync($"kubectl: {cluster.Kubectl()}");
                return 0;
            case "down":
                await new LocalCluster(paths, progress.Time).DownAsync(progress, purge, cancellation);
                return 0;
            default:
                return await StatusAsync(progress, cancellation);
        }
    }

    private async Task<int> StatusAsync(Progress progress, CancellationToken cancellation)
    {
        var allServe = true;
        foreach (var daemon in new LocalCluster(paths, progress.Time).Daemons)
        {
            var serves = await daemon.IsHealthyAsync(cancellation);
            allServe &= serves;
            var state = serves ? "serves" : daemon.IsRunning ? "does not answer" : "does not run";
            await output.WriteLineAsync($"{daemon.Name,-26} {state,-16} {daemon.ProcessId}");
        }

        return allServe ? 0 : 1;
    }
}
