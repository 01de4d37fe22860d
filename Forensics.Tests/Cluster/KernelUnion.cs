using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>Layers as the kernel's overlayfs shows them: what is mounted over them in a container does not hide what lies below.</summary>
internal sealed class KernelUnion : IAsyncDisposable
{
    private KernelUnion(string path) => Path = path;

    public string Path { get; }

    /// <param name="layers">Topmost first, with colons between them, as overlayfs is told them.</param>
    public static async Task<KernelUnion> MountAsync(string layers)
    {
        var union = new KernelUnion(Directory.CreateTempSubdirectory("union-").FullName);
        await Command.RunAsync(
            new CommandLine("/usr/bin/mount", "-t", "overlay", "overlay", union.Path, "-o", $"ro,noatime,lowerdir={layers}"), CancellationToken.None);
        return union;
    }

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(new CommandLine("/usr/bin/umount", Path), CancellationToken.None);
        Directory.Delete(Path);
    }
}
