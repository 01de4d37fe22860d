using System.Formats.Tar;
using System.Text;
using CsCheck;
using Forensics.Agent.Filesystems;

namespace Forensics.Tests.Agent.Filesystems;

[TestFixture]
internal sealed class TarWalkerTests
{
    private static readonly DateTimeOffset Modified = new(2026, 11, 24, 4, 55, 1, TimeSpan.Zero);
    private static readonly string LongName = string.Join('/', Enumerable.Repeat("a-directory-of-thirty-characters", 20)) + "/file";

    [TestCase(TarEntryFormat.Pax)]
    [TestCase(TarEntryFormat.Gnu)]
    [TestCase(TarEntryFormat.Ustar)]
    [TestCase(TarEntryFormat.V7)]
    public void Every_format_is_followed_to_its_end(TarEntryFormat format)
    {
        var names = new List<string> { "dir/", "dir/empty", "dir/small", "dir/block", "link" };
        if (format is TarEntryFormat.Pax or TarEntryFormat.Gnu) names.AddRange([LongName, "ünïcödé"]);

        var (entries, verdict) = Walk(Archive(format, names));

        verdict.Should().Be(new TarVerdict(names.Count, null, false));
        entries.Select(entry => entry.Name).Should().Equal(names);
        var modified = Modified.ToUnixTimeSeconds() * TarHeader.NanosecondsPerSecond;
        entries.Should().OnlyContain(entry => entry.HasEnded && entry.Modified == modified);
        entries.Should().OnlyContain(entry => entry.Link == (entry.Name == "link" ? "/etc/passwd" : ""));
        entries.Single(entry => entry.Name == "dir/small").Content.Should().Be("small");
        entries.Single(entry => entry.Name == "dir/block").Content.Should().Be(new string('x', 1024));
    }

    [Test]
    public void However_the_archive_is_cut_into_pieces_it_is_the_same()
    {
        var archive = Archive(TarEntryFormat.Pax, ["dir/", LongName, "dir/small", "dir/block"]);
        var expected = Walk(archive).Entries;

        Gen.Int[1, 1500].Array[1, 10].Sample(lengths => Walk(archive, lengths).Entries.SequenceEqual(expected));
    }

    [Test]
    public void An_archive_that_ends_anywhere_before_its_end_mark_is_cut()
    {
        var archive = Archive(TarEntryFormat.Pax, ["dir/", "dir/small", LongName]);
        var end = archive.Length;
        while (archive[end - 1] == 0) end--;
        var mark = ((end + 511) / 512 * 512) + 1024;

        Gen.Int[0, mark - 1].Sample(length => Walk(archive[..length]).Verdict is { Problem: not null, IsCut: true });
        Walk(archive[..mark]).Verdict.Problem.Should().BeNull();
    }

    [Test]
    public void A_cut_within_a_file_names_it_and_what_is_missing()
    {
        var archive = Archive(TarEntryFormat.Pax, ["dir/block"]);
        var content = archive.AsSpan().IndexOf(new string('x', 512).Select(c => (byte)c).ToArray());

        Walk(archive[..(content + 500)]).Verdict.Problem.Should().Contain("dir/block").And.Contain("524 bytes before");
    }

    [Test]
    public void A_header_with_a_wrong_checksum_is_unsound()
    {
        var archive = Archive(TarEntryFormat.Ustar, ["file", "other"]);
        archive[0] ^= 1;

        Walk(archive).Verdict.Should().Match<TarVerdict>(v => v.Problem != null && !v.IsCut && v.Entries == 0);
    }

    [Test]
    public void Bytes_after_the_end_mark_are_unsound()
    {
        byte[] archive = [.. Archive(TarEntryFormat.Ustar, ["file"]), 1];

        Walk(archive).Verdict.Problem.Should().Contain("end mark");
    }

    [Test]
    public void A_single_zero_block_in_the_middle_is_unsound()
    {
        var archive = Archive(TarEntryFormat.Ustar, ["dir/"]);
        byte[] spliced = [.. archive[..512], .. new byte[512], .. archive];

        Walk(spliced).Verdict.Problem.Should().Contain("zero block");
    }

    [Test]
    public void A_name_with_an_escape_sequence_is_told_harmlessly()
    {
        var archive = Archive(TarEntryFormat.Pax, ["\u001b[31m"]);

        Walk(archive[..600]).Verdict.Problem.Should().NotContain("\u001b");
        Walk(archive[..^1024]).Verdict.Problem.Should().Contain(@"\033[31m");
    }

    [Test]
    public void Whatever_the_bytes_are_the_walk_ends() =>
        Gen.Byte.Array[0, 3000].Sample(bytes => { Walk(bytes); });

    [Test]
    public void A_damaged_archive_never_breaks_the_walk()
    {
        var archive = Archive(TarEntryFormat.Pax, ["dir/", LongName, "dir/small"]);

        Gen.Select(Gen.Int[0, archive.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var damaged = archive.ToArray();
            damaged[at] = value;
            Walk(damaged);
        });
    }

    [TestCase("18446744073709551616")]
    [TestCase("-1")]
    public void An_extension_with_an_impossible_size_is_unsound(string size)
    {
        var record = $"{size.Length + 9} size={size}\n";
        byte[] archive = [.. Header("x", 'x', record.Length), .. Padded(record), .. Header("file", '0', 0), .. new byte[1024]];

        Walk(archive).Verdict.Problem.Should().Contain("malformed");
    }

    [Test]
    public void A_file_larger_than_octal_can_say_is_followed_by_its_binary_length()
    {
        var header = Header("big", '0', 0);
        new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0 }.CopyTo(header, 124);
        Seal(header);

        Walk(header).Entries.Single().Size.Should().Be(3L << 32);
    }

    private static (List<SeenEntry> Entries, TarVerdict Verdict) Walk(byte[] archive, params int[] lengths)
    {
        var visitor = new Visitor();
        var walker = new TarWalker(visitor);
        var piece = 0;
        for (var rest = archive.AsSpan(); !rest.IsEmpty;)
        {
            var length = lengths.Length == 0 ? rest.Length : Math.Min(lengths[piece++ % lengths.Length], rest.Length);
            walker.Write(rest[..length]);
            rest = rest[length..];
        }

        return (visitor.Entries, walker.Finish());
    }

    [Test]
    public void Owners_beyond_octal_are_told_whether_binary_or_by_record()
    {
        var record = "14 uid=123456789\n".Replace("14", "17", StringComparison.Ordinal);
        var binary = Header("binary", '0', 0);
        new byte[] { 0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF }.CopyTo(binary, 108);
        new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE }.CopyTo(binary, 116);
        byte[] archive = [.. Header("x", 'x', record.Length), .. Padded(record), .. Header("record", '0', 0), .. Seal(binary), .. new byte[1024]];

        Walk(archive).Entries.Select(entry => (entry.Name, entry.Owner)).Should().Equal(("record", "123456789:0"), ("binary", "2147483647:-2"));
    }

    private static byte[] Archive(TarEntryFormat format, IEnumerable<string> names)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
            foreach (var name in names) writer.WriteEntry(Entry(format, name));
        return stream.ToArray();
    }

    private static System.Formats.Tar.TarEntry Entry(TarEntryFormat format, string name)
    {
        var file = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
        var type = name.EndsWith('/') ? TarEntryType.Directory : name == "link" ? TarEntryType.SymbolicLink : file;
        System.Formats.Tar.TarEntry entry = format switch
        {
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            _ => new V7TarEntry(type, name),
        };
        entry.ModificationTime = Modified;
        if (type == TarEntryType.SymbolicLink) entry.LinkName = "/etc/passwd";
        if (name.EndsWith("small", StringComparison.Ordinal)) entry.DataStream = new MemoryStream("small"u8.ToArray());
        if (name.EndsWith("block", StringComparison.Ordinal)) entry.DataStream = new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 1024)));
        return entry;
    }

    private static byte[] Header(string name, char type, int size)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        header[156] = (byte)type;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        return Seal(header);
    }

    private static byte[] Seal(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    private static byte[] Padded(string text)
    {
        var padded = new byte[(text.Length + 511) / 512 * 512];
        Encoding.ASCII.GetBytes(text).CopyTo(padded, 0);
        return padded;
    }

    private sealed record SeenEntry(string Name, string Link, long Size, long Modified, string Owner)
    {
        public string Content { get; init; } = "";
        public bool HasEnded { get; init; }
    }

    private sealed class Visitor : ITarVisitor
    {
        public List<SeenEntry> Entries { get; } = [];

        public void Begin(Forensics.Agent.Filesystems.TarEntry entry) => Entries.Add(new SeenEntry(
            Encoding.UTF8.GetString(entry.Name), Encoding.UTF8.GetString(entry.Link), entry.Size, entry.Modified, $"{entry.Uid}:{entry.Gid}"));

        public void Content(ReadOnlySpan<byte> bytes) => Entries[^1] = Entries[^1] with { Content = Entries[^1].Content + Encoding.UTF8.GetString(bytes) };

        public void End() => Entries[^1] = Entries[^1] with { HasEnded = true };
    }
}
