using System.Globalization;
using System.Text.RegularExpressions;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>An archive as three programs list it that know nothing of us.</summary>
internal static partial class ArchiveReaders
{
    // The times as the archive has them: as Python's numbers they have lost their nanoseconds.
    private const string Listing = """
        import hashlib, sys, tarfile
        from decimal import Decimal
        KINDS = ["file", "directory", "symlink", "hardlink", "chardev", "blockdev", "fifo"]
        def hex(name): return name.encode("utf-8", "surrogateescape").hex() or "-"
        with tarfile.open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as archive:
            for m in archive:
                is_of = [m.isreg(), m.isdir(), m.issym(), m.islnk(), m.ischr(), m.isblk(), m.isfifo()]
                content = hashlib.sha256(archive.extractfile(m).read()).hexdigest() if m.isreg() and m.size < 1 << 30 else "-"
                modified = int(Decimal(m.pax_headers.get("mtime", str(m.mtime))) * 10**9)
                print(hex(m.name), KINDS[is_of.index(True)], "%04o" % (m.mode & 0o7777), m.uid, m.gid, m.size, modified, hex(m.linkname), content)
        """;

    private static readonly Dictionary<char, string> GnuTypes = new()
    {
        ['-'] = "file",
        ['d'] = "directory",
        ['l'] = "symlink",
        ['h'] = ListedEntry.HardLink,
        ['c'] = "chardev",
        ['b'] = "blockdev",
        ['p'] = "fifo",
    };

    private static readonly Dictionary<string, string> MtreeTypes = new()
    {
        ["file"] = "file",
        ["dir"] = "directory",
        ["link"] = "symlink",
        ["char"] = "chardev",
        ["block"] = "blockdev",
        ["fifo"] = "fifo",
    };

    private static TestPrograms Programs => new(LocalPaths.FromEnvironment());

    /// <summary>By Python's tarfile, with hashes of all that is smaller than a GiB.</summary>
    public static async Task<IReadOnlyList<ListedEntry>> PythonAsync(string archive) =>
    [
        .. (await LinesAsync(Programs.Python("-c", Listing, archive))).Select(line => line.Split(' ')).Select(words => new ListedEntry(
            ListedEntry.Plain(Bytes(words[0])), words[1], words[2], Number(words[3]), Number(words[4]), Number(words[5]), Number(words[6]),
            words[1] == ListedEntry.HardLink ? ListedEntry.Plain(Bytes(words[7])) : Convert.ToHexStringLower(Bytes(words[7])), words[8])),
    ];

    /// <summary>By GNU tar, which hashes nothing.</summary>
    public static async Task<IReadOnlyList<ListedEntry>> GnuTarAsync(string archive) =>
    [
        .. (await LinesAsync(new CommandLine("/bin/tar", "--list", "--verbose", "--full-time", "--numeric-owner", "--quoting-style=escape", "--file", archive)
            .With("LC_ALL", "C").With("TZ", "UTC"))).Select(line => GnuLine().Match(line).Groups).Select(OfGnu),
    ];

    /// <summary>By libarchive's bsdtar, as mtree: in an order of its own, hard links as files, no hashes.</summary>
    public static async Task<IReadOnlyList<ListedEntry>> BsdtarAsync(string archive) =>
    [
        .. (await LinesAsync(Programs.Bsdtar(
            "--create", "--file", "-", "--format=mtree", "--options=mtree:!all,mtree:type,mtree:mode,mtree:uid,mtree:gid,mtree:size,mtree:time,mtree:link", $"@{archive}")
            .With("LC_ALL", "C.UTF-8"))).Where(line => !line.StartsWith('#')).Select(OfMtree),
    ];

    private static ListedEntry OfGnu(GroupCollection fields)
    {
        var type = GnuTypes[fields["type"].Value[0]];
        var (name, link) = type switch
        {
            "symlink" => Cut(fields["name"].Value, " -> "),
            ListedEntry.HardLink => Cut(fields["name"].Value, " link to "),
            _ => (fields["name"].Value, ""),
        };
        return new ListedEntry(
            ListedEntry.Plain(RawNames.OfC(name)), type, Octal(fields["mode"].Value), Number(fields["uid"].Value), Number(fields["gid"].Value),
            fields["size"].Value.Contains(',', StringComparison.Ordinal) ? 0 : Number(fields["size"].Value), // A device's numbers.
            ListedEntry.Nanoseconds(fields["time"].Value),
            type == ListedEntry.HardLink ? ListedEntry.Plain(RawNames.OfC(link)) : Convert.ToHexStringLower(RawNames.OfC(link)),
            ListedEntry.NoHash);
    }

    private static ListedEntry OfMtree(string line)
    {
        var words = line.Split(' ');
        var fields = words.Skip(1).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var time = fields["time"].Split('.'); // Seconds, and nanoseconds without zeros before them.
        return new ListedEntry(
            ListedEntry.Plain(RawNames.OfC(words[0])), MtreeTypes[fields["type"]], fields["mode"].PadLeft(4, '0'), Number(fields["uid"]), Number(fields["gid"]),
            Number(fields.GetValueOrDefault("size", "0")), (Number(time[0]) * 1_000_000_000) + Number(time[1]),
            Convert.ToHexStringLower(RawNames.OfC(fields.GetValueOrDefault("link", ""))), ListedEntry.NoHash);
    }

    /// <summary>From <c>rwsr-xr-t</c>: what stands for execution says of the set-id bits and the sticky one, too.</summary>
    private static string Octal(string mode)
    {
        var bits = 0;
        for (var i = 0; i < mode.Length; i++)
        {
            if (mode[i] is not ('-' or 'S' or 'T')) bits |= 1 << (8 - i);
            if (mode[i] is 's' or 'S' or 't' or 'T') bits |= 1 << (11 - (i / 3));
        }

        return Convert.ToString(bits, 8).PadLeft(4, '0');
    }

    private static (string Before, string After) Cut(string text, string at) =>
        (text[..text.IndexOf(at, StringComparison.Ordinal)], text[(text.IndexOf(at, StringComparison.Ordinal) + at.Length)..]);

    private static byte[] Bytes(string hex) => hex == "-" ? [] : Convert.FromHexString(hex);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<string[]> LinesAsync(CommandLine command) =>
        (await Command.RunAsync(command, CancellationToken.None)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^(?<type>.)(?<mode>\S{9})\s+(?<uid>\d+)/(?<gid>\d+)\s+(?<size>\d+(,\d+)?)\s+(?<time>\S+ \S+)\s+(?<name>\S.*)$")]
    private static partial Regex GnuLine();
}
