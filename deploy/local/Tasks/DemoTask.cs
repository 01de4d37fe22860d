namespace Forensics.Local;

/// <summary>Captures a compromised pod on the one-machine cluster, and proves what lies in the bucket.</summary>
internal sealed class DemoTask(LocalPaths paths, TextWriter output) : ITask
{
    public string Name => "demo";

    public string Summary => "capture a compromised pod on a real cluster that it brings up";

    public string Help => """
        Usage: dotnet run build.cs demo

        Brings the one-machine cluster up, deploys kube-forensics, starts a pod that plays the compromised one, applies the
        sample PodCheckpoint against it and follows it; then lists the bucket, checks SHA256SUMS against a fresh download
        and shows the diff with the intruder's file. Exit code 0 only if all of that holds.

        Needs root, on Debian 12. The first run builds Kubernetes and the programs (some 10 minutes); later ones take about a minute.
        The cluster is left up, to look around: dotnet run build.cs cluster down
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        arguments.RejectTheRest();
        var cluster = new LocalCluster(paths, progress.Time);
        await new LocalDeployment(paths, cluster).UpAsync(progress, cancellation);

        var bucket = new DemoBucket(cluster.Descriptor.S3Keys);
        await bucket.EnsureAsync(cancellation);
        var capture = new DemoCapture(cluster, progress);
        await capture.PrepareAsync(cancellation);
        var captured = await capture.RunAsync(cancellation);

        progress.Say($"Evidence: downloading {captured.Location}");
        var folder = await bucket.DownloadAsync(captured.Location, paths.StateOf("demo"), cancellation);
        var evidence = new DemoEvidence(folder, output);
        await evidence.ListAsync();
        await evidence.CheckAsync(captured.ManifestSha256, cancellation);
        await evidence.ShowIntruderAsync();

        await output.WriteLineAsync($"""

            The capture is complete and proven; now the pod can be deleted.
            The evidence is in {folder}
            Look around:   alias kubectl='{cluster.Kubectl()}'
                           kubectl describe pcp -n {DemoCapture.CheckpointNamespace} {DemoCapture.Checkpoint}
            Take it away:  dotnet run build.cs cluster down
            """);
        return 0;
    }
}
