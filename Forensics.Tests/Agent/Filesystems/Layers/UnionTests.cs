using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>What overlayfs shows of layers, each case alone. KernelUnionTests holds the same against the kernel.</summary>
[TestFixture]
internal sealed class UnionTests
{
    [Test]
    public void A_name_is_shown_from_the_topmost_layer_that_has_it()
    {
        using var layers = new LayerFolder(3)
            .File(0, "etc/hosts", "upper").File(1, "etc/hosts", "middle").File(2, "etc/hosts", "image")
            .File(1, "etc/passwd", "middle").File(2, "etc/passwd", "image").File(2, "bin/sh", "image");

        var archive = layers.Archive();

        archive.Names.Should().BeEquivalentTo("./", "etc/", "etc/hosts", "etc/passwd", "bin/", "bin/sh");
        archive.Content("etc/hosts").Should().Be("upper");
        archive.Content("etc/passwd").Should().Be("middle");
    }

    [Test]
    public void A_deleted_name_hides_what_lies_below_it_and_is_not_shown_itself()
    {
        using var layers = new LayerFolder(3)
            .Whiteout(0, "etc/passwd").File(1, "etc/passwd").File(2, "etc/passwd").File(2, "etc/group")
            .Whiteout(1, "home").File(2, "home/user/file").Whiteout(0, "nothing-below");

        layers.Archive().Names.Should().BeEquivalentTo("./", "etc/", "etc/group");
    }

    [Test]
    public void A_name_that_was_made_again_is_shown()
    {
        using var layers = new LayerFolder(3).File(0, "a", "again").Whiteout(1, "a").File(2, "a", "image");

        layers.Archive().Content("a").Should().Be("again");
    }

    [Test]
    public void An_opaque_directory_hides_all_that_lies_below_it()
    {
        using var layers = new LayerFolder(3)
            .File(0, "var/new").Folder(0, "var", ("opaque", "y")).File(1, "var/middle").File(2, "var/image").File(2, "other");

        layers.Archive().Names.Should().BeEquivalentTo("./", "var/", "var/new", "other");
    }

    [Test]
    public void What_an_opaque_directory_hides_stays_hidden_from_the_layers_above()
    {
        using var layers = new LayerFolder(3)
            .File(0, "var/new").File(1, "var/middle").Folder(1, "var", ("opaque", "y")).File(2, "var/image");

        layers.Archive().Names.Should().BeEquivalentTo("./", "var/", "var/new", "var/middle");
    }

    [Test]
    public void A_file_hides_a_directory_and_ends_what_merges_with_it()
    {
        using var layers = new LayerFolder(4).File(0, "a/top").File(1, "a/second").File(2, "a", "a file").File(3, "a/bottom").File(0, "b").File(3, "b/bottom");

        layers.Archive().Names.Should().BeEquivalentTo("./", "a/", "a/top", "a/second", "b");
    }

    [Test]
    public void A_deleted_name_may_be_an_empty_file_where_the_directory_says_so()
    {
        using var layers = new LayerFolder(3)
            .Folder(1, "etc", ("opaque", "x")).File(1, "etc/passwd").Mark(1, "etc/passwd", ("whiteout", "y")).File(2, "etc/passwd").File(2, "etc/group")
            .File(1, "usr/said").Mark(1, "usr/said", ("whiteout", "y")).Folder(0, "etc");

        layers.Archive().Names.Should().BeEquivalentTo("./", "etc/", "etc/group", "usr/", "usr/said");
    }

    [Test]
    public void A_directory_that_was_renamed_holds_what_lies_below_under_its_old_name()
    {
        using var layers = new LayerFolder(3)
            .Folder(0, "dir/new", ("redirect", "old")).Whiteout(0, "dir/old").File(1, "dir/old/middle").File(2, "dir/old/image").File(2, "dir/new/hidden");

        layers.Archive().Names.Should().BeEquivalentTo("./", "dir/", "dir/new/", "dir/new/middle", "dir/new/image");
    }

    [Test]
    public void A_directory_that_was_moved_holds_what_lies_below_at_its_old_path()
    {
        using var layers = new LayerFolder(3)
            .File(0, "moved/new").Mark(0, "moved", ("redirect", "/a/b/c")).Whiteout(0, "a/b/c").File(1, "a/b/c/middle").File(2, "a/b/c/image/file");

        layers.Archive().Names.Should().BeEquivalentTo(
            "./", "a/", "a/b/", "moved/", "moved/new", "moved/middle", "moved/image/", "moved/image/file");
    }

    [Test]
    public void Moves_add_up_through_the_layers()
    {
        using var layers = new LayerFolder(3)
            .Folder(0, "y", ("redirect", "/x/b")).Whiteout(0, "x/b")
            .Folder(1, "x", ("redirect", "/a")).Whiteout(1, "a")
            .File(2, "a/b/deep", "found");

        layers.Archive().Content("y/deep").Should().Be("found");
    }

    [Test]
    public void A_file_of_which_only_the_attributes_were_changed_has_its_content_from_below()
    {
        using var layers = new LayerFolder(3)
            .File(0, "file", "\0\0\0\0\0").Mark(0, "file", ("metacopy", "")).File(1, "file", "\0\0\0\0\0").Mark(1, "file", ("metacopy", "")).File(2, "file", "image");
        RawFiles.SetAttribute($"{layers.Top}/file", "user.mine", 1);

        var archive = layers.Archive();

        archive.Content("file").Should().Be("image");
        archive["file"].ExtendedAttributes.Keys.Should().Contain("SCHILY.xattr.user.mine").And.NotContain(key => key.Contains("overlay", StringComparison.Ordinal));
    }

    [Test]
    public void A_file_whose_content_lies_in_layers_that_are_not_given_is_told_and_never_taken_for_zeros()
    {
        using var layers = new LayerFolder(1).File(0, "file", "\0\0\0\0\0").Mark(0, "file", ("metacopy", "")).File(0, "own", "written");

        var archive = EngineArchive.Of(new LayeredRoot(layers.Top, []) { HasUserMarks = true, LacksLowers = true }, new ArchiveOptions { OnlyWritten = true });

        archive.Content("own").Should().Be("written");
        archive.Names.Should().NotContain("file");
        archive.Notes.Should().ContainSingle().Which.Should().Match<RecordedNote>(note => note.Path == "file" && note.Kind == NoteKind.Unreadable);
    }

    [Test]
    public void Such_a_file_may_have_been_moved_as_well()
    {
        using var layers = new LayerFolder(2)
            .File(0, "new", "\0\0\0\0\0").Mark(0, "new", ("metacopy", ""), ("redirect", "/dir/old")).Whiteout(0, "dir/old").File(1, "dir/old", "image");

        layers.Archive().Content("new").Should().Be("image");
    }

    [Test]
    public void Such_a_file_without_a_content_is_named()
    {
        using var layers = new LayerFolder(2).File(0, "file").Mark(0, "file", ("metacopy", "")).Folder(1, "file");

        var archive = layers.Archive();

        archive.Names.Should().Equal("./");
        archive.Notes.Should().Equal(new RecordedNote(NoteKind.Unreadable, "file", 5));
    }

    [TestCase("a/../../../..")]
    [TestCase("..")]
    [TestCase("/../..")]
    [TestCase("/")]
    public void A_redirect_that_leads_out_is_not_followed_and_the_directory_is_named(string redirect)
    {
        using var layers = new LayerFolder(2).File(0, "dir/file").Mark(0, "dir", ("redirect", redirect)).Folder(1, "a");
        File.WriteAllText(layers.Outside("canary"), "outside");

        var archive = layers.Archive();

        archive.Names.Should().BeEquivalentTo("./", "dir/", "a/");
        archive.Notes.Should().Equal(new RecordedNote(NoteKind.NotListed, "dir/", 22));
        archive.Summary.Partial.Should().Be(1);
    }

    [Test]
    public void Marks_that_the_mount_does_not_look_at_are_attributes_like_others()
    {
        using var layers = new LayerFolder(2).Folder(0, "dir", ("opaque", "y")).File(1, "dir/file");
        var root = new LayeredRoot(layers[0], [layers[1]]);
        if (!Environment.IsPrivilegedProcess)
        {
            // The marks that are looked at cannot be seen without root, and a union that may be wrong is refused.
            FluentActions.Invoking(() => EngineArchive.Of(root)).Should().Throw<LayerException>().WithMessage("*CAP_SYS_ADMIN*");
            return;
        }

        var archive = EngineArchive.Of(root);

        archive.Names.Should().BeEquivalentTo("./", "dir/", "dir/file");
        archive["dir/"].ExtendedAttributes.Should().ContainKey("SCHILY.xattr.user.overlay.opaque");
    }

    [Test]
    public void Marks_that_were_set_within_an_overlay_are_shown_as_they_were_set()
    {
        using var layers = new LayerFolder(2).File(0, "file").Mark(0, "file", ("overlay.opaque", "y"));

        layers.Archive()["file"].ExtendedAttributes.Should().Contain("SCHILY.xattr.user.overlay.opaque", "y");
    }

    [Test]
    public void In_a_plain_directory_nothing_is_a_mark()
    {
        using var layers = new LayerFolder(1).Folder(0, "dir", ("opaque", "y"), ("redirect", "/etc")).Whiteout(0, "null");

        var archive = layers.Archive();

        archive.Names.Should().BeEquivalentTo("./", "dir/", "null");
        archive["dir/"].ExtendedAttributes.Should().Contain("SCHILY.xattr.user.overlay.redirect", "/etc");
    }

    [Test]
    public void An_image_may_have_127_layers()
    {
        using var layers = new LayerFolder(128);
        for (var layer = 0; layer < 128; layer++) layers.File(layer, $"dir/{layer:000}", $"{layer}").File(layer, "dir/same", $"{layer}");

        var archive = layers.Archive();

        archive.Names.Should().HaveCount(2 + 128 + 1).And.OnlyHaveUniqueItems();
        archive.Content("dir/same").Should().Be("0");
    }

    /// <summary>Else what lies deep would be gone through again for each layer that has the directories above it.</summary>
    [Test]
    public void However_few_names_are_remembered_every_directory_is_entered_once()
    {
        using var layers = new LayerFolder(3);
        for (var layer = 0; layer < 3; layer++)
        {
            foreach (var path in from a in "abc" from b in "abc" from c in "abc" from d in "abc" select $"{a}/{b}/{c}/{d}") layers.Folder(layer, path);
        }

        var archive = layers.Archive(new ArchiveOptions { RememberedNames = 0, RememberedDirectories = 2 });

        archive.Names.Should().HaveCount(1 + 3 + 9 + 27 + 81).And.OnlyHaveUniqueItems();
        archive.Notes.Should().Contain(new RecordedNote(NoteKind.NotListed, "", 12));
        archive.Notes.Should().OnlyHaveUniqueItems();
        archive.Summary.Partial.Should().Be(archive.Notes.Count);
    }

    [Test]
    public void A_file_in_more_names_than_are_remembered_is_not_lost()
    {
        using var layers = new LayerFolder(2).File(0, "a", "upper").File(1, "a", "image").File(1, "b", "image");

        var archive = layers.Archive(new ArchiveOptions { RememberedNames = 0 });

        archive.Names.Should().Contain(["a", "b"]);
        archive.Entries.Where(entry => entry.Name == "a").Should().OnlyContain(entry => entry.Length == "upper".Length);
    }

    [Test]
    public void A_layer_that_is_not_there_says_which()
    {
        using var layers = new LayerFolder(2);
        Directory.Delete(layers[1]);

        layers.Invoking(l => l.Archive()).Should().Throw<LayerException>().WithMessage("*1 cannot be opened: *(errno 2).");
    }
}
