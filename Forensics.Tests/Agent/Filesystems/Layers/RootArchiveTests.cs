using System.Formats.Tar;
using System.Text;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

[TestFixture]
internal sealed class RootArchiveTests
{
    private const string LongName = "a-name-of-sixty-bytes-so-that-four-of-them-are-longer-than-a-";

    [Test]
    public void Owner_mode_and_the_three_times_are_kept_to_the_nanosecond()
    {
        using var layers = new LayerFolder(1).File(0, "file", "text");
        File.SetUnixFileMode($"{layers.Top}/file", (UnixFileMode)0b100_101_000_100);
        RawFiles.SetTimes($"{layers.Top}/file", 1_234_567_890_123_456_789, -1_500_000_000);

        var file = layers.Archive()["file"];

        ((int)file.Mode).Should().Be(0b100_101_000_100);
        file.ExtendedAttributes.Should().Contain("atime", "1234567890.123456789").And.Contain("mtime", "-1.500000000").And.ContainKey("ctime");
        file.Uid.Should().Be(Environment.IsPrivilegedProcess ? 0 : file.Uid);
    }

    [Test]
    public void Every_kind_of_entry_that_tar_has_is_in_the_archive()
    {
        using var layers = new LayerFolder(1).File(0, "file", "text").File(0, "empty");
        RawFiles.MakeFifo($"{layers.Top}/fifo");
        RawFiles.MakeLink("/etc/shadow", $"{layers.Top}/link");
        RawFiles.MakeWhiteout($"{layers.Top}/device");
        Directory.CreateDirectory($"{layers.Top}/dir");

        layers.Archive().Entries.Select(entry => (entry.Name, entry.EntryType)).Should().BeEquivalentTo(new[]
        {
            ("./", TarEntryType.Directory), ("file", TarEntryType.RegularFile), ("empty", TarEntryType.RegularFile), ("fifo", TarEntryType.Fifo),
            ("link", TarEntryType.SymbolicLink), ("device", TarEntryType.CharacterDevice), ("dir/", TarEntryType.Directory),
        });
    }

    [Test]
    public void A_file_with_several_names_has_its_content_once()
    {
        using var layers = new LayerFolder(1).File(0, "a", "content");
        RawFiles.MakeHardLink($"{layers.Top}/a", $"{layers.Top}/b");
        RawFiles.MakeHardLink($"{layers.Top}/a", $"{layers.Top}/c");

        var entries = layers.Archive().Entries.Where(entry => entry.Name != "./").ToList();

        entries[0].EntryType.Should().Be(TarEntryType.RegularFile);
        entries.Skip(1).Should().HaveCount(2).And.OnlyContain(entry => entry.EntryType == TarEntryType.HardLink && entry.LinkName == entries[0].Name);
    }

    [Test]
    public void A_socket_is_skipped_and_named()
    {
        using var layers = new LayerFolder(1);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, default);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint($"{layers.Top}/socket"));

        var archive = layers.Archive();

        archive.Names.Should().Equal("./");
        archive.Notes.Should().Equal(new RecordedNote(NoteKind.Socket, "socket"));
        archive.Summary.Should().Be(new ArchiveSummary(1, 0, 0, 1, 0, archive.Bytes.Length));
    }

    [Test]
    public void Names_and_links_may_be_longer_than_tar_once_allowed()
    {
        using var layers = new LayerFolder(1).File(0, $"{LongName}/{LongName}/{LongName}/{LongName}/{LongName}", "deep");
        RawFiles.MakeLink(string.Join('/', Enumerable.Repeat(LongName, 60)), $"{layers.Top}/link");

        var archive = layers.Archive();

        archive.Content($"{LongName}/{LongName}/{LongName}/{LongName}/{LongName}").Should().Be("deep");
        archive["link"].LinkName.Should().HaveLength((60 * 62) - 1);
    }

    /// <summary>GNU tar tells names as they are; .NET cannot.</summary>
    [Test]
    public async Task Names_are_bytes()
    {
        using var layers = new LayerFolder(1);
        string[] names = ["not\\\u00FFutf8", "new\nline", "\u001b[31mred", "-rf", "ünïcödé", "日本", "back\\slash", $"long\\\u00FE{new string('x', 200)}", "a=b %"];
        foreach (var name in names) RawFiles.Write($"{layers.Top}/{name}", "content"u8);
        RawFiles.MakeLink("to\\\u00FFnowhere", $"{layers.Top}/link");

        var archive = layers.Archive();

        archive.Names.Should().BeEquivalentTo(
            "./", @"not\377utf8", @"new\012line", @"\033[31mred", "-rf", "ünïcödé", "日本", @"back\134slash", $@"long\376{new string('x', 200)}", "a=b %", "link");
        await ExpectGnuTarToFindNoDifferenceAsync(layers, archive);
    }

    [Test]
    public async Task Extended_attributes_are_kept_whatever_is_in_them()
    {
        using var layers = new LayerFolder(1).File(0, "file").Folder(0, "dir");
        RawFiles.SetAttribute($"{layers.Top}/file", "user.plain", "value"u8.ToArray());
        RawFiles.SetAttribute($"{layers.Top}/file", "user.a=b%", 0, 1, 10, 255);
        RawFiles.SetAttribute($"{layers.Top}/dir", "user.empty");

        using var unpacked = new Local.TemporaryFolder();
        await UnpackAsync(layers.Archive(), unpacked.Path);

        RawFiles.Attribute($"{unpacked.Path}/file", "user.plain").Should().Equal("value"u8.ToArray());
        RawFiles.Attribute($"{unpacked.Path}/file", "user.a=b%").Should().Equal(0, 1, 10, 255);
        RawFiles.Attribute($"{unpacked.Path}/dir", "user.empty").Should().BeEmpty();
    }

    /// <summary>Neither is more than a number: the container's users are not those of the machine that it is unpacked on.</summary>
    [Test]
    public async Task Access_control_lists_are_kept()
    {
        byte[] list =
        [
            2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 5, 0, 0x12, 0x34, 0x56, 0,
            4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
        ];
        using var layers = new LayerFolder(1).File(0, "file").Folder(0, "dir");
        RawFiles.SetAttribute($"{layers.Top}/file", "system.posix_acl_access", list);
        RawFiles.SetAttribute($"{layers.Top}/dir", "system.posix_acl_default", list);

        var archive = layers.Archive();

        archive["file"].ExtendedAttributes.Should().Contain("SCHILY.acl.access", "user::rw-,user:5649426:r-x,group::r--,mask::rwx,other::---");
        using var unpacked = new Local.TemporaryFolder();
        await UnpackAsync(archive, unpacked.Path);
        RawFiles.Attribute($"{unpacked.Path}/file", "system.posix_acl_access").Should().Equal(list);
        RawFiles.Attribute($"{unpacked.Path}/dir", "system.posix_acl_default").Should().Equal(list);
    }

    [Test]
    public async Task A_file_with_holes_has_its_data_and_a_map()
    {
        using var layers = new LayerFolder(1);
        using (var file = File.OpenHandle($"{layers.Top}/sparse", FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, "begin"u8, 0);
            RandomAccess.Write(file, "middle"u8, 10 << 20);
            RandomAccess.SetLength(file, 1L << 40);
        }

        File.OpenHandle($"{layers.Top}/nothing-but-a-hole", FileMode.CreateNew, FileAccess.Write, preallocationSize: 0).Dispose();
        using (var hole = File.OpenHandle($"{layers.Top}/nothing-but-a-hole", FileMode.Open, FileAccess.Write)) RandomAccess.SetLength(hole, 1 << 20);

        var archive = layers.Archive();

        archive.Bytes.Length.Should().BeLessThan(64 * 1024);
        archive.Names.Should().BeEquivalentTo("./", "sparse", "nothing-but-a-hole");
        using var unpacked = new Local.TemporaryFolder();
        await UnpackAsync(archive, unpacked.Path);
        using var read = File.OpenHandle($"{unpacked.Path}/sparse");
        RandomAccess.GetLength(read).Should().Be(1L << 40);
        ReadAt(read, 0, 6).Should().Be("begin\0");
        ReadAt(read, (10 << 20) - 1, 8).Should().Be("\0middle\0");
        new FileInfo($"{unpacked.Path}/nothing-but-a-hole").Length.Should().Be(1 << 20);
    }

    [Test]
    public void A_file_in_too_many_pieces_has_its_smallest_holes_filled()
    {
        using var layers = new LayerFolder(1);
        const int Pieces = 20_000;
        using (var file = File.OpenHandle($"{layers.Top}/pieces", FileMode.CreateNew, FileAccess.Write))
        {
            for (var i = 0; i < Pieces; i++) RandomAccess.Write(file, [1], i * 8192L);
            RandomAccess.SetLength(file, (Pieces * 8192L) + (1L << 30));
        }

        var archive = layers.Archive();

        archive.Bytes.Length.Should().BeInRange(Pieces * 4096, Pieces * 8192 + (1 << 20));
        archive.Summary.Captured.Should().Be(2);
    }

    [Test]
    public void A_file_beyond_the_limit_is_missing_and_named_and_so_are_its_other_names()
    {
        using var layers = new LayerFolder(1).File(0, "a", "12345");
        RawFiles.MakeHardLink($"{layers.Top}/a", $"{layers.Top}/b");

        var archive = layers.Archive(new ArchiveOptions { LargestFile = 4 });

        archive.Names.Should().Equal("./");
        archive.Notes.Should().BeEquivalentTo([new RecordedNote(NoteKind.TooLarge, "a"), new RecordedNote(NoteKind.TooLarge, "b")]);
        archive.Summary.Should().Be(new ArchiveSummary(1, 0, 2, 0, 0, archive.Bytes.Length));
    }

    [Test]
    public async Task The_archive_is_what_GNU_tar_would_compare_as_equal()
    {
        using var layers = new LayerFolder(1).File(0, "etc/passwd", "root").File(0, "bin/large", new string('x', 3 << 20)).File(0, "a/b/c/d", "d");
        RawFiles.MakeLink("../x", $"{layers.Top}/a/link");
        RawFiles.MakeHardLink($"{layers.Top}/a/b/c/d", $"{layers.Top}/hard");
        RawFiles.MakeFifo($"{layers.Top}/a/fifo");

        await ExpectGnuTarToFindNoDifferenceAsync(layers, layers.Archive());
    }

    [Test]
    public void What_the_container_wrote_is_archived_as_its_layer_has_it()
    {
        using var layers = new LayerFolder(2)
            .File(0, "etc/passwd", "changed").Whiteout(0, "etc/group").Folder(0, "var", ("opaque", "y")).File(0, "var/new", "new")
            .File(0, "chmod", "\0\0\0").Mark(0, "chmod", ("metacopy", ""))
            .File(1, "etc/passwd").File(1, "etc/group").File(1, "bin/sh").File(1, "var/old").File(1, "chmod", "all");

        var archive = layers.Archive(new ArchiveOptions { OnlyWritten = true });

        archive.Names.Should().BeEquivalentTo("./", "etc/", "etc/passwd", "etc/group", "var/", "var/new", "chmod");
        archive["etc/group"].Should().Match<PaxTarEntry>(e => e.EntryType == TarEntryType.CharacterDevice && e.DeviceMajor == 0 && e.DeviceMinor == 0);
        archive["var/"].ExtendedAttributes.Should().Contain("SCHILY.xattr.user.overlay.opaque", "y");
        archive.Content("chmod").Should().Be("all");
    }

    /// <summary>Overlayfs makes one, and links it to every name that is deleted.</summary>
    [Test]
    public void Each_deleted_name_is_a_device_of_its_own_however_they_are_linked()
    {
        using var layers = new LayerFolder(2).Whiteout(0, "etc/group").File(1, "etc/group").File(1, "etc/hosts");
        RawFiles.MakeHardLink($"{layers.Top}/etc/group", $"{layers.Top}/etc/hosts");

        var archive = layers.Archive(new ArchiveOptions { OnlyWritten = true });

        foreach (var name in new[] { "etc/group", "etc/hosts" })
            archive[name].Should().Match<PaxTarEntry>(e => e.EntryType == TarEntryType.CharacterDevice && e.DeviceMajor == 0 && e.DeviceMinor == 0);
    }

    [Test]
    public void Without_an_upper_layer_nothing_can_have_been_written() =>
        FluentActions.Invoking(() => EngineArchive.Of(LayeredRoot.Plain("/tmp"), new ArchiveOptions { OnlyWritten = true }))
            .Should().Throw<LayerException>();

    [Test]
    public void Nothing_is_read_after_it_was_cancelled()
    {
        using var layers = new LayerFolder(1).File(0, "file");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        FluentActions.Invoking(() => RootArchive.Write(
            layers.Root, new System.Buffers.ArrayBufferWriter<byte>(), new ArchiveOptions(), new RecordedNotes(), cancelled.Token))
            .Should().Throw<OperationCanceledException>();
    }

    private static string ReadAt(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, int length)
    {
        var bytes = new byte[length];
        RandomAccess.Read(file, bytes, offset);
        return Encoding.ASCII.GetString(bytes);
    }

    private static async Task ExpectGnuTarToFindNoDifferenceAsync(LayerFolder layers, EngineArchive archive)
    {
        var file = layers.Outside("archive.tar");
        await File.WriteAllBytesAsync(file, archive.Bytes);
        var compared = await Command.TryAsync(new CommandLine("/bin/tar", "--compare", "--file", file, "--directory", layers.Top), CancellationToken.None);
        compared.Should().BeEquivalentTo(new { ExitCode = 0, Output = "" });
        // It takes such names as they are, and says that it does not know the record which says that.
        compared.Error.Replace("/bin/tar: Ignoring unknown extended header keyword 'hdrcharset'\n", "", StringComparison.Ordinal).Should().BeEmpty();
    }

    private static async Task UnpackAsync(EngineArchive archive, string folder)
    {
        var file = Path.Combine(folder, "archive.tar");
        await File.WriteAllBytesAsync(file, archive.Bytes);
        await Command.RunAsync(new CommandLine("/bin/tar", "--extract", "--xattrs", "--xattrs-include=*", "--acls", "--file", file, "--directory", folder), CancellationToken.None);
    }
}
