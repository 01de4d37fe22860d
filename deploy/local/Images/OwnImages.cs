namespace Forensics.Local;

/// <summary>The controller's and the agent's images for the one-machine cluster, in both runtimes.</summary>
internal sealed class OwnImages(LocalPaths paths, LocalCluster cluster)
{
    private ImageBuild Build => new(RepositoryRoot.Find(), arguments => cluster.Docker.Run(arguments));

    /// <summary>Compiles the programs from the checkout as it is now, for which the cluster need not be up.</summary>
    public async Task PublishAsync(Progress progress, CancellationToken cancellation)
    {
        foreach (var program in ImageBuild.Programs.Keys) await Build.PublishAsync(program, progress, cancellation);
    }

    /// <summary>Builds the images of what was published. The cluster must be up.</summary>
    public async Task BuildAsync(Progress progress, CancellationToken cancellation)
    {
        await new BaseImage(paths, cluster.Images).EnsureAsync(AptLists.OfThisRelease(paths), progress, cancellation);
        foreach (var (program, image) in new[] { ("controller", LocalImages.Controller), ("agent", LocalImages.Agent) })
        {
            await Build.BuildAsync(program, image, LocalImages.Base, progress, cancellation);
            await cluster.Images.HandOverAsync(image, cancellation);
        }

        // What these names meant before is of no use to anyone.
        await Command.RunAsync(cluster.Docker.Run("image", "prune", "--force"), cancellation);
        progress.Say($"Images: {LocalImages.Controller} and {LocalImages.Agent} are in both runtimes");
    }
}
