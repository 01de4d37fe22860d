using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Each rule alone. RealContainerTests holds the same against <c>docker diff</c>.</summary>
[TestFixture]
internal sealed class RootDiffTests
{
    [Test]
    public void A_new_file_makes_its_directory_a_changed_one()
    {
        using var layers = Image().File(0, "etc/new");

        Diff(layers).Should().Equal("C /etc", "A /etc/new");
    }

    [Test]
    public void Of_a_new_directory_everything_is_new()
    {
        using var layers = Image().File(0, "srv/a/file").Folder(0, "srv", ("opaque", "y"));

        Diff(layers).Should().Equal("A /srv", "A /srv/a", "A /srv/a/file");
    }

    [Test]
    public void A_deleted_directory_is_told_alone()
    {
        using var layers = Image().Whiteout(0, "etc").Whiteout(0, "var/log").Whiteout(0, "never-there");

        Diff(layers).Should().BeEquivalentTo("D /etc", "C /var", "D /var/log");
    }

    [Test]
    public void A_directory_that_was_made_again_has_lost_what_it_had()
    {
        using var layers = Image().Folder(0, "etc", ("opaque", "y")).File(0, "etc/passwd", "other").File(0, "etc/new");

        Diff(layers).Should().BeEquivalentTo("C /etc", "A /etc/new", "C /etc/passwd", "D /etc/group");
    }

    [Test]
    public void A_file_that_was_only_copied_up_is_not_changed()
    {
        using var layers = Image().File(0, "etc/passwd", "root").File(0, "etc/group", "group");
        Backdate(layers, "etc/passwd", "etc/group");
        File.SetUnixFileMode($"{layers.Top}/etc/group", UnixFileMode.UserRead);

        Diff(layers).Should().Equal("C /etc", "C /etc/group");
    }

    /// <summary>As who hides a change does; <c>docker diff</c> goes by size and time alone.</summary>
    [Test]
    public void A_file_that_was_overwritten_is_changed_though_its_size_and_time_are_as_before()
    {
        using var layers = Image().File(0, "etc/passwd", "evil");
        Backdate(layers, "etc/passwd");

        Diff(layers).Should().Equal("C /etc", "C /etc/passwd");
    }

    [Test]
    public void A_link_that_leads_elsewhere_is_changed_though_its_length_and_time_are_as_before()
    {
        using var layers = Image().Folder(0, "etc");
        RawFiles.MakeLink("/bin/good", $"{layers[1]}/etc/link");
        RawFiles.MakeLink("/bin/evil", $"{layers[0]}/etc/link");
        for (var layer = 0; layer < 2; layer++) RawFiles.SetTimes($"{layers[layer]}/etc/link", 0, 0);

        Diff(layers).Should().Equal("C /etc", "C /etc/link");
    }

    [Test]
    public void A_difference_is_found_at_the_end_of_a_large_file_and_beyond_a_hole()
    {
        const long Far = 1L << 35;
        using var layers = new LayerFolder(2).File(1, "same").File(1, "other");
        for (var layer = 0; layer < 2; layer++)
        {
            foreach (var (name, last) in new[] { ("same", 1), ("other", layer) })
            {
                layers.File(layer, name, new string('x', 1 << 20));
                using var file = File.OpenHandle($"{layers[layer]}/{name}", FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, [(byte)last], Far);
            }
        }

        Backdate(layers, "same", "other");

        Diff(layers).Should().Equal("C /other");
    }

    [Test]
    public void A_file_of_which_only_the_attributes_were_copied_up_has_the_images_content()
    {
        using var layers = new LayerFolder(2).File(0, "file", "\0\0\0\0").Mark(0, "file", ("metacopy", "")).File(1, "file", "text");
        Backdate(layers, "file");

        Diff(layers).Should().BeEmpty();
    }

    [Test]
    public void A_directory_that_is_deleted_while_it_is_compared_ends_there()
    {
        using var layers = Image();
        for (var i = 0; i < 300; i++) layers.File(0, $"dir/{i:000}");
        var notes = new RecordedNotes();
        var told = 0;

        RootDiff.Read(
            layers.Root,
            (_, _) =>
            {
                if (told++ == 2) Directory.Delete($"{layers.Top}/dir", recursive: true);
            },
            notes,
            CancellationToken.None);

        told.Should().BePositive();
        notes.All.Should().BeEmpty();
    }

    [Test]
    public void Directories_beyond_the_longest_path_are_named_and_not_entered()
    {
        using var layers = Image();
        DeepTree.Make(layers.Top, 100);
        var told = new List<string>();
        var notes = new RecordedNotes();

        RootDiff.Read(
            layers.Root, (_, path) => told.Add(EscapedText.Of(path)), notes, CancellationToken.None, new ArchiveOptions { LongestPath = 101 });

        string Deep(int depth) => string.Concat(Enumerable.Repeat("d/", depth));
        told.Should().Contain($"/{Deep(49)}d").And.NotContain($"/{Deep(50)}d");
        notes.All.Should().BeEquivalentTo([
            new RecordedNote(NoteKind.TooLarge, Deep(50) + "d"), new RecordedNote(NoteKind.TooLarge, Deep(50) + "file"), new RecordedNote(NoteKind.TooLarge, Deep(49) + "file")]);
    }

    [Test]
    public void Directories_within_each_other_take_little_memory_each()
    {
        const int Less = 1200;
        const int More = 2800;
        using var layers = new LayerFolder(2);
        DeepTree.Make(layers.Top, Less);
        var before = MemoryOf(layers);
        layers.Folder(0, "more");
        DeepTree.Make($"{layers.Top}/more", More);

        ((MemoryOf(layers) - before) / (More - Less)).Should().BeLessThan(3000);
    }

    [Test]
    public void A_directory_of_another_mode_is_changed()
    {
        using var layers = Image().Folder(0, "var");
        File.SetUnixFileMode($"{layers.Top}/var", UnixFileMode.UserRead);

        Diff(layers).Should().Equal("C /var");
    }

    [Test]
    public void What_takes_the_place_of_something_else_is_changed()
    {
        using var layers = Image().File(0, "var", "a file").File(0, "etc/passwd/file").Folder(0, "etc/passwd", ("opaque", "y"));

        Diff(layers).Should().BeEquivalentTo("C /var", "C /etc", "C /etc/passwd", "A /etc/passwd/file");
    }

    [Test]
    public void A_directory_that_was_moved_is_deleted_in_one_place_and_new_in_the_other()
    {
        using var layers = Image().Whiteout(0, "etc").Folder(0, "moved", ("redirect", "/etc"));

        Diff(layers).Should().BeEquivalentTo("D /etc", "A /moved", "A /moved/passwd", "A /moved/group");
    }

    [Test]
    public void What_an_image_had_deleted_before_is_new_when_it_is_made_again()
    {
        using var layers = new LayerFolder(3).File(2, "etc/passwd").File(2, "etc/group").Whiteout(1, "etc/passwd").File(0, "etc/passwd");

        Diff(layers).Should().Equal("C /etc", "A /etc/passwd");
    }

    [Test]
    public void Changes_are_found_at_any_depth()
    {
        using var layers = Image();
        DeepTree.Make(layers.Top, 2000);

        Diff(layers).Should().HaveCount(4000).And.OnlyHaveUniqueItems().And.OnlyContain(line => line.StartsWith("A /", StringComparison.Ordinal));
    }

    [Test]
    public void Names_are_told_as_bytes()
    {
        using var layers = Image();
        RawFiles.Write($"{layers.Top}/not\\\u00FFutf8", "x"u8);

        Diff(layers).Should().Equal(@"A /not\377utf8");
    }

    [Test]
    public void Without_an_image_there_is_nothing_to_compare() =>
        FluentActions.Invoking(() => RootDiff.Read(LayeredRoot.Plain("/"), (_, _) => { }, new RecordedNotes(), default)).Should().Throw<LayerException>();

    internal static List<string> Diff(LayeredRoot root)
    {
        var lines = new List<string>();
        var notes = new RecordedNotes();
        RootDiff.Read(root, (kind, path) => lines.Add($"{kind.ToString()[0]} {EscapedText.Of(path)}"), notes, CancellationToken.None);
        notes.All.Should().BeEmpty();
        return lines;
    }

    private static List<string> Diff(LayerFolder layers) => Diff(layers.Root);

    private static long MemoryOf(LayerFolder layers)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        RootDiff.Read(layers.Root, (_, _) => { }, new RecordedNotes(), CancellationToken.None);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Backdate(LayerFolder layers, params string[] files)
    {
        foreach (var file in files)
        {
            for (var layer = 0; layer < 2; layer++) File.SetLastWriteTimeUtc($"{layers[layer]}/{file}", DateTime.UnixEpoch);
        }
    }

    private static LayerFolder Image() => new LayerFolder(2)
        .File(1, "etc/passwd", "root").File(1, "etc/group", "group").File(1, "var/log/syslog", "line");
}
