using System.Diagnostics;
using System.Net.Sockets;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>File systems made to break whoever reads them.</summary>
[TestFixture]
internal sealed class HostileTreeTests
{
    private const int Nobody = 65534;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Test]
    public void Four_thousand_directories_within_each_other_are_walked_to_the_end_with_few_of_them_open()
    {
        using var layers = new LayerFolder(1);
        DeepTree.Make(layers.Top, 4000);
        var before = OpenFiles.Targets();

        var archive = layers.Archive();

        archive.Names.Should().HaveCount(8001).And.OnlyHaveUniqueItems()
            .And.Contain(string.Concat(Enumerable.Repeat("d/", 4000))).And.Contain(string.Concat(Enumerable.Repeat("d/", 3999)) + "file");
        archive.Notes.Should().BeEmpty();
        OpenFiles.Targets().Should().BeEquivalentTo(before);
    }

    [Test]
    public void Directories_beyond_the_longest_path_are_named_and_not_entered()
    {
        using var layers = new LayerFolder(1);
        DeepTree.Make(layers.Top, 100);

        var archive = layers.Archive(new ArchiveOptions { LongestPath = 101 });

        string Deep(int depth) => string.Concat(Enumerable.Repeat("d/", depth));
        archive.Notes.Should().BeEquivalentTo([
            new RecordedNote(NoteKind.TooLarge, Deep(50) + "d"), new RecordedNote(NoteKind.TooLarge, Deep(50) + "file"), new RecordedNote(NoteKind.TooLarge, Deep(49) + "file")]);
    }

    [TestCase(20_000)]
    [TestCase(300_000, Category = "Long")]
    public void Many_files_in_one_directory_are_captured_in_the_memory_of_a_few(int many)
    {
        using var layers = new LayerFolder(1);
        Directory.CreateDirectory($"{layers.Top}/many");
        for (var i = 0; i < many; i++) File.WriteAllText($"{layers.Top}/many/{i}", "x");
        layers.Archive();

        var output = new CountingSink();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var summary = RootArchive.Write(layers.Root, output, new ArchiveOptions(), new RecordedNotes(), CancellationToken.None);

        // Some buffers of 64 KiB; nothing for a file.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(512 << 10);
        summary.Captured.Should().Be(many + 2);
        output.Bytes.Should().Be(summary.Bytes);
    }

    [Test]
    public void Links_that_lead_out_or_in_circles_are_links_and_nothing_more()
    {
        using var layers = new LayerFolder(1);
        RawFiles.MakeLink("/", $"{layers.Top}/root");
        RawFiles.MakeLink("../../../../../../etc", $"{layers.Top}/etc");
        RawFiles.MakeLink("loop", $"{layers.Top}/loop");
        RawFiles.MakeLink(".", $"{layers.Top}/self");

        layers.Archive().Names.Should().BeEquivalentTo("./", "root", "etc", "loop", "self");
    }

    [Test]
    public void A_name_that_looks_like_a_header_or_like_one_of_our_objects_is_a_name()
    {
        using var layers = new LayerFolder(1).File(0, "manifest.json", "forged").File(0, "SHA256SUMS", "forged").File(0, "PaxHeaders/entry").File(0, "GNUSparseFile.0/x");
        RawFiles.Write($"{layers.Top}/30 path=..\\etc\\passwd\n", "x"u8);
        RawFiles.Write($"{layers.Top}/ustar", new byte[1024]);

        var archive = layers.Archive();

        archive.Names.Should().BeEquivalentTo(
            "./", "manifest.json", "SHA256SUMS", "PaxHeaders/", "PaxHeaders/entry", "GNUSparseFile.0/", "GNUSparseFile.0/x", @"30 path=..\134etc\134passwd\012", "ustar");
    }

    /// <summary>Files there tell a length of 4,096 bytes and have fewer, some fail when they are read, and some may not be read.</summary>
    [Test]
    public async Task Of_real_files_that_fail_every_one_is_accounted_for()
    {
        const string Folder = "/sys/devices/virtual/net/lo";

        var archive = EngineArchive.Of(LayeredRoot.Plain(Folder));

        var summary = archive.Summary;
        (summary.Captured + summary.Partial + summary.Failed + summary.Skipped).Should().Be(await CountAsync(Folder));
        archive.Names.Should().Contain("mtu").And.Contain("statistics/rx_bytes");
        archive.Notes.Should().Contain(note => note.Kind == NoteKind.Shrunk && note.Path == "mtu" && note.Offset > 0 && note.Offset + note.Length == 4096)
            .And.Contain(note => note.Kind == NoteKind.ContentUnreadable && note.Path == "speed" && note.Errno == 22 && note.Offset == 0 && note.Length == 4096);
    }

    [Test]
    public async Task Over_a_tree_with_every_kind_of_failure_nothing_is_silently_absent()
    {
        using var layers = new LayerFolder(1).File(0, "readable", "x").File(0, "unreadable", "x").File(0, "large", "123456").Folder(0, "unlistable").Folder(0, "dir");
        RawFiles.MakeFifo($"{layers.Top}/fifo");
        RawFiles.MakeLink("x", $"{layers.Top}/link");
        RawFiles.MakeHardLink($"{layers.Top}/readable", $"{layers.Top}/dir/hard");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, default);
        socket.Bind(new UnixDomainSocketEndPoint($"{layers.Top}/socket"));
        foreach (var name in new[] { "readable", "large", "dir", "" }) File.SetUnixFileMode($"{layers.Top}/{name}", Readable);
        foreach (var name in new[] { "unreadable", "unlistable" }) File.SetUnixFileMode($"{layers.Top}/{name}", UnixFileMode.None);

        var archive = AsNobody(layers, () => layers.Archive(new ArchiveOptions { LargestFile = 5 }));

        archive.Notes.Where(note => note.Kind != NoteKind.AccessTimeTouched).Should().BeEquivalentTo([
            new RecordedNote(NoteKind.Unreadable, "unreadable", 13),
            new RecordedNote(NoteKind.NotListed, "unlistable/", 13),
            new RecordedNote(NoteKind.Socket, "socket"),
            new RecordedNote(NoteKind.TooLarge, "large")]);
        var summary = archive.Summary;
        summary.Should().Be(new ArchiveSummary(6, 1, 2, 1, 0, archive.Bytes.Length));
        (summary.Captured + summary.Partial + summary.Failed + summary.Skipped).Should().Be(await CountAsync(layers.Top));
    }

    /// <summary>By GNU find, which knows nothing of ours.</summary>
    private static async Task<long> CountAsync(string folder)
    {
        using var find = Process.Start(new ProcessStartInfo("/usr/bin/find", [folder, "-printf", "."]) { RedirectStandardOutput = true })!;
        var dots = await find.StandardOutput.ReadToEndAsync();
        await find.WaitForExitAsync();
        return dots.Length;
    }

    /// <summary>Root may read everything; its tests act as somebody who may not.</summary>
    private static EngineArchive AsNobody(LayerFolder layers, Func<EngineArchive> archive)
    {
        if (!Environment.IsPrivilegedProcess) return archive();
        File.SetUnixFileMode(layers.Outside(""), Readable);
        EngineArchive? result = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                RawFiles.ActAs(Nobody);
                result = archive();
            }
#pragma warning disable CA1031 // It goes to the test's own thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException("The archive failed.", failure);
    }
}
