using System.Formats.Tar;
using System.Security.Cryptography;

namespace Forensics.Tests.Cluster;

/// <summary>All that an archive says of each entry, content included, as lines that can be compared.</summary>
internal static class TarListing
{
    public static async Task<IReadOnlyList<string>> OfAsync(string file)
    {
        await using var reader = new TarReader(File.OpenRead(file));
        var entries = new List<string>();
        while (await reader.GetNextEntryAsync() is { } entry) entries.Add(await DescribeAsync(entry));
        return entries;
    }

    private static async Task<string> DescribeAsync(TarEntry entry)
    {
        var content = entry.DataStream is { } stream ? Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)) : "-";
        var device = entry is PosixTarEntry posix ? $"{posix.DeviceMajor}:{posix.DeviceMinor}" : "-";
        return $"{entry.Name} {entry.EntryType} {entry.Mode} {entry.Uid}:{entry.Gid} {entry.Length} {entry.ModificationTime:O} '{entry.LinkName}' {device} {content}";
    }
}
