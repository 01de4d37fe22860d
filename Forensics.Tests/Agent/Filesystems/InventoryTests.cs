using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Filesystems;

/// <summary>What the two forms of an inventory say of an archive.</summary>
[TestFixture]
internal sealed class InventoryTests
{
    private static readonly DateTimeOffset Modified = new(2026, 11, 24, 4, 55, 1, TimeSpan.Zero);

    [Test]
    public void A_file_has_its_metadata_and_the_hash_of_its_content()
    {
        var file = Entry(TarEntryType.RegularFile, "etc/passwd", "root");
        (file.Mode, file.Uid, file.Gid) = (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.SetUser, 12, 34);

        var (lines, body) = Take([file], ("/etc/passwd", ChangeKind.Added));

        lines.Should().Be(
            """{"path":"/etc/passwd","type":"file","mode":"4600","uid":12,"gid":34,"size":4,"mtime":"2026-11-24T04:55:01.000000000Z","diff":"A","sha256":"""
            + $"\"{Convert.ToHexStringLower(SHA256.HashData("root"u8))}\"}}\n");
        body.Should().Be("0|/etc/passwd|0|r/rrwS------|12|34|4|0|1795496101|0|0\n");
    }

    [Test]
    public void Every_kind_of_entry_has_its_word()
    {
        var (lines, body) = Take(
        [
            Entry(TarEntryType.Directory, "./"), Entry(TarEntryType.Directory, "a/"), Entry(TarEntryType.RegularFile, "a/empty"),
            Entry(TarEntryType.SymbolicLink, "a/soft", link: "../x"), Entry(TarEntryType.HardLink, "a/hard", link: "a/empty"),
            Entry(TarEntryType.Fifo, "a/fifo"), Entry(TarEntryType.CharacterDevice, "a/char"), Entry(TarEntryType.BlockDevice, "a/block"),
        ]);

        Parse(lines).Select(e => (Text(e, "path"), Text(e, "type"), Text(e, "link"), Text(e, "sha256")?[..4])).Should().Equal(
            ("/", "directory", null, null), ("/a", "directory", null, null), ("/a/empty", "file", null, "e3b0"),
            ("/a/soft", "symlink", "../x", null), ("/a/hard", "hardlink", "/a/empty", null),
            ("/a/fifo", "fifo", null, null), ("/a/char", "chardev", null, null), ("/a/block", "blockdev", null, null));
        body.Split('\n').SkipLast(1).Select(line => line.Split('|')).Select(fields => (fields[1], fields[3][..3])).Should().Equal(
            ("/", "d/d"), ("/a", "d/d"), ("/a/empty", "r/r"), ("/a/soft -> ../x", "l/l"), ("/a/hard", "r/r"),
            ("/a/fifo", "p/p"), ("/a/char", "c/c"), ("/a/block", "b/b"));
    }

    [Test]
    public void Times_that_an_archive_has_are_told_to_the_nanosecond()
    {
        var extended = new Dictionary<string, string> { ["atime"] = "-1.5", ["ctime"] = "3" };
        var entry = new PaxTarEntry(TarEntryType.RegularFile, "f", extended) { ModificationTime = Modified.AddTicks(7) };

        var (lines, body) = Take([entry]);

        var line = Parse(lines).Single();
        Text(line, "mtime").Should().Be("2026-11-24T04:55:01.000000700Z");
        Text(line, "atime").Should().Be("1969-12-31T23:59:58.500000000Z");
        Text(line, "ctime").Should().Be("1970-01-01T00:00:03.000000000Z");
        body.Should().EndWith("|-2|1795496101|3|0\n");
    }

    [Test]
    public void Names_are_harmless_in_both_forms_and_keep_each_byte()
    {
        var (lines, body) = Take([Entry(TarEntryType.SymbolicLink, "a|b\"c\\d\u001b\nü", link: "x|y")]);

        Text(Parse(lines).Single(), "path").Should().Be(@"/a|b""c\134d\033\012ü");
        body.Should().StartWith(@"0|/a\174b""c\134d\033\012ü -> x\174y|0|");
    }

    [Test]
    public void Whatever_the_name_is_each_form_has_one_line_for_it() =>
        Gen.Byte.Array[1, 90].Where(name => !name.Contains((byte)0)).Sample(name =>
        {
            var (lines, body) = Take(RawArchive(name));
            return lines.Count(c => c == '\n') == 1 && Parse(lines).Count == 1 && body.Count(c => c == '\n') == 1 && body.Count(c => c == '|') == 10;
        });

    /// <summary>GNU's format 1.0: data at 5 (3 bytes) and at 20 (2 bytes) of 30.</summary>
    [Test]
    public void A_file_with_holes_has_the_hash_that_a_reader_of_the_file_would_get()
    {
        var map = Encoding.ASCII.GetBytes("2\n5\n3\n20\n2\n".PadRight(512, '\0'));
        var file = new byte[30];
        "abc"u8.CopyTo(file.AsSpan(5));
        "de"u8.CopyTo(file.AsSpan(20));

        var line = Parse(Take([SparseEntry([.. map, .. "abcde"u8], realSize: 30)]).Lines).Single();

        Text(line, "path").Should().Be("/holes");
        line.GetProperty("size").GetInt64().Should().Be(30);
        line.GetProperty("sparse").GetBoolean().Should().BeTrue();
        Text(line, "sha256").Should().Be(Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    [TestCase("1\n0\n5\n", 1L << 40, TestName = "holes too large")]
    [TestCase("x\n", 10, TestName = "no number")]
    [TestCase("1\n8\n5\n", 10, TestName = "data beyond the end")]
    [TestCase("1\n0\n2\n", 10, TestName = "more data than the map has")]
    [TestCase("99999999\n", 10, TestName = "a map too long")]
    [TestCase("1\n9223372036854775807\n9\n", 10, TestName = "numbers that overflow")]
    public void A_map_that_cannot_be_hashed_leaves_the_hash_out_and_the_next_file_unharmed(string map, long realSize)
    {
        var content = Encoding.ASCII.GetBytes(map.PadRight(512, '\0') + "abcde");

        var lines = Parse(Take([SparseEntry(content, realSize), Entry(TarEntryType.RegularFile, "next", "root")]).Lines);

        Text(lines[0], "sha256").Should().BeNull();
        Text(lines[1], "sha256").Should().Be(Convert.ToHexStringLower(SHA256.HashData("root"u8)));
    }

    /// <summary>They take no room, and so there may be any number of them, each an hour of hashing for all that follows.</summary>
    [Test]
    public void Files_of_nothing_but_holes_are_hashed_as_far_as_they_are_worth_their_time_together()
    {
        var content = Encoding.ASCII.GetBytes("0\n".PadRight(512, '\0'));
        var entries = Enumerable.Range(0, 5).Select(_ => SparseEntry(content, realSize: 1000)).Append(Entry(TarEntryType.RegularFile, "next", "root"));

        var lines = Parse(Take(Archive(entries), mostZeros: 3500).Lines);

        lines.Select(line => Text(line, "sha256") is not null).Should().Equal(true, true, true, false, false, true);
        Text(lines[0], "sha256").Should().Be(Convert.ToHexStringLower(SHA256.HashData(new byte[1000])));
    }

    [Test]
    public void Whoever_stops_does_not_wait_for_holes()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var inventory = new Inventory(new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), cancellationToken: stop.Token);
        var archive = Archive([SparseEntry(Encoding.ASCII.GetBytes("0\n".PadRight(512, '\0')), realSize: 1L << 30)]);

        FluentActions.Invoking(() => new TarWalker(new Visitor(inventory, new ChangedPaths())).Write(archive)).Should().Throw<OperationCanceledException>();
    }

    private static PaxTarEntry SparseEntry(byte[] content, long realSize) => new(
        TarEntryType.RegularFile,
        "GNUSparseFile.0/holes",
        new Dictionary<string, string>
        {
            ["GNU.sparse.major"] = "1",
            ["GNU.sparse.minor"] = "0",
            ["GNU.sparse.name"] = "holes",
            ["GNU.sparse.realsize"] = $"{realSize}",
        })
    {
        DataStream = new MemoryStream(content),
    };

    [Test]
    public void A_file_within_which_the_archive_breaks_off_is_marked_and_has_no_hash()
    {
        var archive = TestArchive.Of(("whole", "x"), ("torn", new string('y', 2000)));
        var torn = archive.AsSpan().IndexOf("yyyy"u8);

        var (lines, _) = Take(archive[..(torn + 700)]);

        Parse(lines).Select(e => (Text(e, "path"), Text(e, "sha256") is not null, e.TryGetProperty("cut", out _))).Should().Equal(
            ("/whole", true, false), ("/torn", false, true));
    }

    private static (string Lines, string Body) Take(IEnumerable<System.Formats.Tar.TarEntry> entries, params (string Path, ChangeKind Kind)[] changes) =>
        Take(Archive(entries), SparseContent.MostZerosInAll, changes);

    private static (string Lines, string Body) Take(byte[] archive, params (string Path, ChangeKind Kind)[] changes) =>
        Take(archive, SparseContent.MostZerosInAll, changes);

    private static byte[] Archive(IEnumerable<System.Formats.Tar.TarEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries) writer.WriteEntry(entry);
        return stream.ToArray();
    }

    private static (string Lines, string Body) Take(byte[] archive, long mostZeros, params (string Path, ChangeKind Kind)[] changes)
    {
        var (lines, body) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var changed = new ChangedPaths();
        foreach (var (path, kind) in changes) changed.Add(new FileChange(kind, path));
        using var inventory = new Inventory(lines, body, mostZeros);
        new TarWalker(new Visitor(inventory, changed)).Write(archive);
        inventory.Finish();
        return (Encoding.UTF8.GetString(lines.WrittenSpan), Encoding.UTF8.GetString(body.WrittenSpan));
    }

    private static PaxTarEntry Entry(TarEntryType type, string name, string? content = null, string? link = null)
    {
        var entry = new PaxTarEntry(type, name) { ModificationTime = Modified };
        if (content is not null) entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        if (link is not null) entry.LinkName = link;
        return entry;
    }

    /// <summary>One empty file whose name .NET's writer would not take.</summary>
    private static byte[] RawArchive(byte[] name)
    {
        var archive = TestArchive.Of(("n", ""));
        var header = archive.AsSpan(archive.Length - 1536, 512);
        header[..100].Clear();
        name.CopyTo(header);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var octet in header) sum += octet;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header.Slice(148, 8));
        return archive[^1536..];
    }

    private static List<JsonElement> Parse(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) ? value.GetString() : null;

    private sealed class Visitor(Inventory inventory, ChangedPaths changes) : ITarVisitor
    {
        public void Begin(Forensics.Agent.Filesystems.TarEntry entry) => inventory.Begin(entry, changes.See(entry.Name));

        public void Content(ReadOnlySpan<byte> bytes) => inventory.Content(bytes);

        public void End() => inventory.End();
    }
}
