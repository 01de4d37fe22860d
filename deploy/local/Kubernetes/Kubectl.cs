namespace Forensics.Local;

/// <summary>
/// kubectl of Debian 13, unpacked into the cache: Debian 12's own is of 1.20 and its kustomize knows no components.
/// It runs on Debian 12 as it is.
/// </summary>
internal sealed class Kubectl(LocalPaths paths)
{
    // With the release: the machine may have a package of that name from elsewhere that claims to be newer.
    private const string Package = "kubectl/" + AptLists.NextCodename;

    private string Folder => paths.Cached("kubectl-" + AptLists.NextCodename);

    public string Program => Path.Combine(Folder, "kubectl");

    public async Task EnsureAsync(Progress progress, CancellationToken cancellation)
    {
        if (File.Exists(Program)) return;
        progress.Say($"kubectl: fetching Debian {AptLists.NextCodename}'s (once)");
        await WholeFolder.MakeAsync(Folder, async folder =>
        {
            var lists = AptLists.OfNextRelease(paths);
            await lists.UpdateAsync(cancellation);
            await DebianArchive.ExtractAsync(lists, [Package], folder, cancellation);
            File.Move(Path.Combine(folder, "usr/bin/kubectl"), Path.Combine(folder, "kubectl"));
            Directory.Delete(Path.Combine(folder, "usr"), recursive: true);
        });
    }
}
