using System.Formats.Tar;
using System.Globalization;
using Forensics.Local;
using Forensics.Tests.Local;

namespace Forensics.Tests.Cluster;

/// <summary>The root file system of a stopped container as others read it: docker export, or GNU tar over the mounted layers of
/// containerd's snapshot.</summary>
internal static class IndependentExport
{
    public static async Task<IReadOnlyList<string>> EntriesAsync(string runtime, string id)
    {
        using var folder = new TemporaryFolder();
        var archive = Path.Combine(folder.Path, "export.tar");
        if (runtime == "docker") await RealCluster.DockerAsync("export", "-o", archive, id);
        else await TarAsync(id, archive);
        return await EntriesOfAsync(archive);
    }

    /// <summary>Sorted, in what any two readers must agree on: which name of a hard-linked file comes first is none of it.</summary>
    public static async Task<IReadOnlyList<string>> EntriesOfAsync(string archive)
    {
        await using var reader = new TarReader(File.OpenRead(archive));
        var entries = new List<string>();
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            var name = entry.Name.TrimStart('.').Trim('/');
            var type = entry.EntryType == TarEntryType.HardLink ? TarEntryType.RegularFile : entry.EntryType;
            var link = entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : "";
            if (name.Length > 0) entries.Add(string.Create(
                CultureInfo.InvariantCulture, $"{name} {type} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.ModificationTime.ToUnixTimeSeconds()} {link}"));
        }

        return [.. entries.Order(StringComparer.Ordinal)];
    }

    private static async Task TarAsync(string id, string archive)
    {
        var (upper, lowers) = await ContainerOnNode.ContainerdLayersAsync(id);
        await using var root = await KernelUnion.MountAsync($"{upper}:{lowers}");
        await Command.RunAsync(
            new CommandLine("/usr/bin/tar", "--create", "--format=pax", "--numeric-owner", "--file", archive, "--directory", root.Path, "."), CancellationToken.None);
    }
}
