namespace Forensics.Local;

/// <summary>Puts kube-forensics, as it is in this checkout, on the one-machine cluster and leaves it there to be tried.</summary>
internal sealed class DeployTask(LocalPaths paths, TextWriter output) : ITask
{
    public string Name => "deploy";

    public string Summary => "deploy this checkout to the one-machine cluster, to try it by hand";

    public string Help => """
        Usage: dotnet run build.cs deploy

        Brings the one-machine cluster up if it is not, builds the images from this checkout and applies
        deploy/overlays/local. Run it again after a change. Needs root, on Debian 12.

        For a cluster of your own: dotnet run build.cs help images, then kubectl apply -k with an overlay of deploy/overlays.
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        arguments.RejectTheRest();
        var cluster = new LocalCluster(paths, progress.Time);
        await new LocalDeployment(paths, cluster).UpAsync(progress, cancellation);
        await output.WriteLineAsync($"""

            Try it:
              alias kubectl='{cluster.Kubectl()}'
              kubectl apply -f deploy/samples/compromised-pod.yaml -f deploy/samples/forensics_v1alpha1_podcheckpoint.yaml
              kubectl get pcp -A -w
            Take it away again: dotnet run build.cs cluster down
            """);
        return 0;
    }
}
