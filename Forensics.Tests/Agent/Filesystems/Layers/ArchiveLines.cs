using System.Formats.Tar;
using System.Security.Cryptography;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>An archive's entries as lines that can be compared whatever their order: names of one file, of which each archive calls
/// another the first, all have its content and are told together.</summary>
internal static class ArchiveLines
{
    public static SortedDictionary<string, string> Of(Stream archive)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var firsts = new Dictionary<string, List<string>>();
        using var reader = new TarReader(archive);
        while (reader.GetNextEntry() is { } entry)
        {
            var name = Plain(entry.Name);
            if (entry.EntryType == TarEntryType.HardLink)
            {
                firsts[Plain(entry.LinkName)].Add(name);
                continue;
            }

            firsts[name] = [name];
            lines[name] = Describe((PosixTarEntry)entry);
        }

        foreach (var (first, names) in firsts.Where(pair => pair.Value.Count > 1))
        {
            var line = $"{lines[first]} also {string.Join(' ', names.Order(StringComparer.Ordinal))}";
            foreach (var name in names) lines[name] = line;
        }

        return lines;
    }

    private static string Plain(string name)
    {
        var trimmed = (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).TrimEnd('/');
        return trimmed.Length == 0 ? "." : trimmed;
    }

    /// <summary>Docker's archives have times of whole seconds, and the type of a file among its mode bits.</summary>
    private static string Describe(PosixTarEntry entry)
    {
        var content = entry.DataStream is { } stream ? Convert.ToHexStringLower(SHA256.HashData(stream)) : "-";
        var modified = entry.ModificationTime.ToUnixTimeSeconds();
        return $"{entry.EntryType} {(int)entry.Mode & 0xFFF:X3} {entry.Uid}:{entry.Gid} {entry.Length} {modified} '{entry.LinkName}' {entry.DeviceMajor}:{entry.DeviceMinor} {content}";
    }
}
