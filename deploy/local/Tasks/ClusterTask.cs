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
               dotnet run build.cs cluster prepare

        up      starts Kubernetes 1.20 with a Docker node and a containerd node, and an S3 server, all on loopback.
                The first run builds Kubernetes (some 8 minutes in all); later ones take under a minute.
        down    stops all of it. Its state stays for the next up.
          --purge  deletes the state as well (never the cache of what was built)
        status  says what runs. Exit code 1 unless everything does.
        prepare makes only what the first up and the tests would make, and starts nothing: for images of machines.

        Needs root, on Debian 12. What the cluster is reached by stands in state/cluster.json.
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var verb = arguments.TakeWord() ?? throw new UsageException("Say up, down, status or prepare.");
        var purge = verb == "down" && arguments.TakeFlag("--purge");
        arguments.RejectTheRest();
        if (verb is not ("up" or "down" or "status" or "prepare")) throw new UsageException($"'{verb}' is not one of up, down, status, prepare.");
        Prerequisites.CheckRoot();
        var cluster = new LocalCluster(paths, progress.Time);
        switch (verb)
        {
            case "up":
                await cluster.UpAsync(progress, cancellation);
                await output.WriteLineAsync($"kubectl: {cluster.Kubectl()}");
                return 0;
            case "down":
                await cluster.DownAsync(progress, purge, cancellation);
                return 0;
            case "prepare":
                await cluster.PrepareAsync(progress, cancellation);
                return 0;
            default:
                return await StatusAsync(cluster, cancellation);
        }
    }

    private async Task<int> StatusAsync(LocalCluster cluster, CancellationToken cancellation)
    {
        var allServe = true;
        foreach (var daemon in cluster.Daemons)
        {
            var serves = await daemon.IsHealthyAsync(cancellation);
            allServe &= serves;
            var state = serves ? "serves" : daemon.IsRunning ? "does not answer" : "does not run";
            await output.WriteLineAsync($"{daemon.Name,-26} {state,-16} {daemon.ProcessId}");
        }

        return allServe ? 0 : 1;
    }
}
