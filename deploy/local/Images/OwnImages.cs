namespace Forensics.Local;

/// <summary>The controller's and the agent's images for the one-machine cluster, in both runtimes.</summary>
internal sealed class OwnImages(LocalPaths paths, LocalCluster cluster)
{
    /// <summary>Builds them from the checkout as it is now. The cluster must be up.</summary>
    public async Task BuildAsync(Progress progress, CancellationToken cancellation)
    {
        await new BaseImage(paths, cluster.Images).EnsureAsync(AptLists.OfThisRelease(paths), progress, cancellation);
        var build = new ImageBuild(RepositoryRoot.Find(), arguments => cluster.Docker.Run(arguments));
        foreach (var (program, image) in new[] { ("controller", LocalImages.Controller), ("agent", LocalImages.Agent) })
        {
            await build.BuildAsync(program, image, LocalImages.Base, progress, cancellation);
            await cluster.Images.HandOverAsync(image, cancellation);
        }

        // What these names meant before is of no use to anyone.
        await Command.RunAsync(cluster.Docker.Run("image", "prune", "--force"), cancellation);
        progress.Say($"Images: {LocalImages.Controller} and {LocalImages.Agent} are in both runtimes");
    }
}
