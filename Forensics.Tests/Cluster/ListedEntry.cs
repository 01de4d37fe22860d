using System.Globalization;
using System.Text.Json;

namespace Forensics.Tests.Cluster;

/// <summary>One entry of an archive as somebody lists it, in a form in which all can be compared.</summary>
/// <param name="Name">Its bytes in hex, without <c>./</c> or a slash before it and a slash behind it; the root is empty.</param>
/// <param name="Type">In the inventory's words.</param>
/// <param name="Mode">In octal.</param>
/// <param name="Modified">Nanoseconds since 1970.</param>
/// <param name="Link">Where it leads, in hex; of a hard link as a name.</param>
/// <param name="Sha256">A dash for none.</param>
internal sealed record ListedEntry(string Name, string Type, string Mode, long Uid, long Gid, long Size, long Modified, string Link, string Sha256)
{
    public const string HardLink = "hardlink";
    public const string NoHash = "-";

    public static IReadOnlyList<ListedEntry> OfInventory(string file) => [.. File.ReadLines(file).Select(OfInventoryLine)];

    /// <summary>A name's bytes in hex, as <see cref="Name"/> has them.</summary>
    public static string Plain(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("./"u8)) name = name[2..];
        name = name.Trim((byte)'/');
        return name is [(byte)'.'] ? "" : Convert.ToHexStringLower(name);
    }

    /// <summary>RFC 3339, or what GNU tar prints: up to nine digits of a second.</summary>
    public static long Nanoseconds(string time)
    {
        var parts = time.TrimEnd('Z').Split('.');
        var seconds = DateTimeOffset.Parse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();
        return (seconds * 1_000_000_000) + (parts.Length == 1 ? 0 : long.Parse(parts[1].PadRight(9, '0'), CultureInfo.InvariantCulture));
    }

    private static ListedEntry OfInventoryLine(string line)
    {
        using var json = JsonDocument.Parse(line);
        var entry = json.RootElement;
        var type = entry.GetProperty("type").GetString()!;
        var link = RawNames.OfOctal(Text("link") ?? "");
        return new ListedEntry(
            Plain(RawNames.OfOctal(Text("path")!)),
            type,
            Text("mode")!,
            entry.GetProperty("uid").GetInt64(),
            entry.GetProperty("gid").GetInt64(),
            entry.GetProperty("size").GetInt64(),
            Nanoseconds(Text("mtime")!),
            type == HardLink ? Plain(link) : Convert.ToHexStringLower(link),
            Text("sha256") ?? NoHash);

        string? Text(string field) => entry.TryGetProperty(field, out var value) ? value.GetString() : null;
    }
}
