namespace Forensics.Local;

/// <summary>Only one run at a time may bring the cluster up or down. The lock ends with its holder, however it ends.</summary>
internal static class ClusterLock
{
    // The first run builds all that it needs under it, which takes a slow machine an hour.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(90);

    public static async Task<IDisposable> TakeAsync(LocalPaths paths, Progress progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(paths.Home);
        var file = Path.Combine(paths.Home, "lock");
        var held = TryTake(file);
        if (held is null)
        {
            progress.Say($"Cluster: another run is at work (it holds {file}); waiting for it");
            await Deadline.WaitAsync(_ => Task.FromResult((held = TryTake(file)) is not null), Limit, progress.Time, cancellation);
        }

        return held ?? throw new LocalClusterException($"Another run still holds {file}. Wait for it, or end it, and try again.");
    }

    private static FileStream? TryTake(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
