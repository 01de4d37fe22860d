using System.Formats.Tar;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>A container goes on writing while it is read. The archive stays whole, and what became of each file is told.</summary>
[TestFixture]
internal sealed class ChangingFilesTests
{
    // More than are opened ahead.
    private const int Many = 300;

    [Test]
    public void A_file_that_becomes_shorter_ends_in_zeros()
    {
        using var layers = new LayerFolder(1).File(0, "file", new string('x', 1 << 20));

        var archive = ArchiveWhile(layers, () => Truncate($"{layers.Top}/file", 1000));

        archive.Notes.Should().Equal(
            new RecordedNote(NoteKind.Shrunk, "file", 0, 1000, (1 << 20) - 1000), new RecordedNote(NoteKind.ChangedWhileRead, "file"));
        archive.Content("file").Should().Be(new string('x', 1000) + new string('\0', (1 << 20) - 1000));
        archive.Summary.Should().Be(new ArchiveSummary(1, 1, 0, 0, 0, archive.Bytes.Length));
    }

    [Test]
    public void A_file_that_becomes_longer_is_cut_where_it_ended_before()
    {
        using var layers = new LayerFolder(1).File(0, "file", "before");

        var archive = ArchiveWhile(layers, () => File.AppendAllText($"{layers.Top}/file", " and after"));

        archive.Content("file").Should().Be("before");
        archive.Notes.Should().Equal(new RecordedNote(NoteKind.ChangedWhileRead, "file"));
        archive.Summary.Partial.Should().Be(0);
    }

    [Test]
    public void A_file_with_holes_may_be_cut_as_well()
    {
        using var layers = new LayerFolder(1).File(0, "file", "begin");
        Truncate($"{layers.Top}/file", 1 << 30);
        using (var end = File.OpenHandle($"{layers.Top}/file", FileMode.Open, FileAccess.Write)) RandomAccess.Write(end, "end"u8, 1 << 29);

        // The map is made when its turn has come: the data is gone then, and the hole larger.
        var archive = ArchiveWhile(layers, () => Truncate($"{layers.Top}/file", 2));

        archive.Names.Should().BeEquivalentTo("./", "file");
        archive.Notes.Should().Contain(note => note.Kind == NoteKind.ChangedWhileRead);
    }

    [Test]
    public void A_file_that_is_deleted_after_it_was_opened_is_read_all_the_same()
    {
        using var layers = new LayerFolder(1).File(0, "file", "still here");

        var archive = ArchiveWhile(layers, () => File.Delete($"{layers.Top}/file"));

        archive.Content("file").Should().Be("still here");
    }

    [Test]
    public void A_name_that_is_gone_before_its_turn_is_told()
    {
        using var layers = ManyFiles();

        var archive = ArchiveWhile(layers, () => Array.ForEach(Directory.GetFiles(layers.Top), File.Delete));

        archive.Summary.Vanished.Should().BePositive();
        (archive.Summary.Captured + archive.Summary.Vanished).Should().Be(Many + 1);
        archive.Notes.Count(note => note.Kind == NoteKind.Vanished).Should().Be((int)archive.Summary.Vanished);
        archive.Names.Should().HaveCount((int)archive.Summary.Captured);
    }

    [Test]
    public void What_takes_a_files_place_is_archived_as_what_it_is_and_never_opened()
    {
        using var layers = ManyFiles();
        File.WriteAllText(layers.Outside("canary"), "outside");

        var archive = ArchiveWhile(layers, () =>
        {
            foreach (var file in Directory.GetFiles(layers.Top).Order())
            {
                File.Delete(file);
                if (file.EndsWith('1')) RawFiles.MakeFifo(file);
                else RawFiles.MakeLink("../canary", file);
            }
        });

        archive.Entries.Should().Contain(entry => entry.EntryType == TarEntryType.Fifo)
            .And.Contain(entry => entry.EntryType == TarEntryType.SymbolicLink && entry.LinkName == "../canary");
        archive.Summary.Captured.Should().Be(Many + 1);
        archive.Bytes.AsSpan().IndexOf("outside"u8).Should().Be(-1);
    }

    /// <summary>Overlayfs then makes a file in the upper layer, which was listed before the image's.</summary>
    [Test]
    public void A_file_of_the_image_that_is_written_to_meanwhile_is_not_lost()
    {
        using var layers = new LayerFolder(2);
        for (var i = 0; i < Many; i++) layers.File(1, $"{i:000}", "image");

        var archive = ArchiveWhile(layers, () =>
        {
            for (var i = 0; i < Many; i++) layers.File(0, $"{i:000}", "written");
        });

        archive.Names.Should().HaveCount(Many + 1).And.OnlyHaveUniqueItems();
        archive.Entries.Count(entry => entry.DataStream?.Length == "written".Length).Should().BePositive();
    }

    [Test]
    public void A_directory_that_is_moved_away_is_told_once_it_cannot_be_gone_on_with()
    {
        using var layers = new LayerFolder(1).File(0, "moved/file");
        DeepTree.Make($"{layers.Top}/moved", 900);

        var archive = ArchiveWhile(layers, () => Directory.Move($"{layers.Top}/moved", layers.Outside("moved")));

        archive.Notes.Should().Contain(new RecordedNote(NoteKind.NotListed, "moved/", 2));
        archive.Names.Should().NotBeEmpty();
        archive.Summary.Partial.Should().Be(archive.Notes.Count(note => note.Kind == NoteKind.NotListed));
    }

    /// <summary>It is in neither place when the walk is there, and so not in the archive.</summary>
    [Test]
    public void What_moves_from_where_the_walk_has_yet_to_come_to_where_it_has_been_is_told_by_its_directory()
    {
        using var layers = new LayerFolder(1).Folder(0, "a").Folder(0, "b").Folder(0, "c");
        var order = Directory.EnumerateDirectories(layers.Top).Select(directory => Path.GetFileName(directory)!).ToArray();
        layers.File(0, $"{order[0]}/file").File(0, $"{order[2]}/tree/evil");
        for (var i = 0; i < Many; i++) layers.File(0, $"{order[1]}/{i:000}");

        var archive = ArchiveWhile(layers, () =>
        {
            LetTheClockTick(layers.Outside("probe"));
            Directory.Move($"{layers.Top}/{order[2]}/tree", $"{layers.Top}/{order[0]}/tree");
        });

        archive.Names.Should().NotContain(name => name.EndsWith("evil", StringComparison.Ordinal));
        archive.Notes.Should().Contain(new RecordedNote(NoteKind.ChangedWhileRead, $"{order[2]}/"));
        archive.Summary.Partial.Should().Be(0);
    }

    [Test]
    public void What_was_done_before_the_walk_is_no_change()
    {
        using var layers = ManyFiles().Folder(0, "dir");
        layers.Archive().Notes.Should().BeEmpty();
    }

    /// <summary>The kernel answers that it does not exist where it would say that there is nothing more.</summary>
    [Test]
    public void A_directory_that_is_deleted_while_it_is_listed_ends_there()
    {
        using var layers = new LayerFolder(1);
        for (var i = 0; i < Many; i++) layers.File(0, $"dir/{i:000}", "content");

        var archive = ArchiveWhile(layers, () => Directory.Delete($"{layers.Top}/dir", recursive: true));

        archive.Notes.Should().NotContain(note => note.Kind == NoteKind.NotListed)
            .And.Contain(new RecordedNote(NoteKind.ChangedWhileRead, "dir/"));
        archive.Summary.Partial.Should().Be(0);
        (archive.Summary.Captured + archive.Summary.Vanished).Should().Be(Many + 2);
    }

    private static EngineArchive ArchiveWhile(LayerFolder layers, Action change)
    {
        var output = new HookedWriter(change);
        return EngineArchive.Of(layers.Root, output, () => output.Written);
    }

    // File systems stamp by a clock that moves some hundred times a second only.
    private static void LetTheClockTick(string probe)
    {
        var now = DateTime.UtcNow;
        SpinWait.SpinUntil(
            () =>
            {
                File.WriteAllText(probe, "");
                return File.GetLastWriteTimeUtc(probe) > now;
            },
            TimeSpan.FromSeconds(10)).Should().BeTrue();
    }

    private static LayerFolder ManyFiles()
    {
        var layers = new LayerFolder(1);
        for (var i = 0; i < Many; i++) layers.File(0, $"{i:000}", "content");
        return layers;
    }

    private static void Truncate(string file, long length)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(handle, length);
    }
}
