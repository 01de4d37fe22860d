using System.Text;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>A number of an inode is given again once its file is deleted.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HardLinksTests
{
    private readonly HardLinks _links = new();

    [Test]
    public void A_file_is_known_by_its_first_name_until_the_last_has_come_by()
    {
        var file = Status(links: 3);
        _links.TryRemember(file, "first"u8).Should().BeTrue();

        for (var i = 0; i < 2; i++)
        {
            _links.Find(file, out var path).Should().Be(LinkMatch.SameFile);
            Encoding.ASCII.GetString(path).Should().Be("first");
        }

        _links.Find(file, out _).Should().Be(LinkMatch.None);
    }

    [Test]
    public void A_file_that_was_born_later_is_another_one_whatever_its_size_and_time()
    {
        _links.TryRemember(Status(), "first"u8);

        _links.Find(Status() with { Born = new FileTime(2, 0) }, out _).Should().Be(LinkMatch.OtherFile);
        _links.TryRemember(Status() with { Born = new FileTime(2, 0) }, "second"u8);
        _links.Find(Status() with { Born = new FileTime(2, 0) }, out var path).Should().Be(LinkMatch.SameFile);
        Encoding.ASCII.GetString(path).Should().Be("second");
    }

    [Test]
    public void A_file_that_was_written_to_meanwhile_is_the_same()
    {
        _links.TryRemember(Status(), "first"u8);

        _links.Find(Status() with { Size = 9, Modified = new FileTime(9, 9) }, out _).Should().Be(LinkMatch.SameFile);
    }

    [Test]
    public void Where_birth_is_not_kept_size_and_time_tell()
    {
        _links.TryRemember(Status() with { Mask = 0 }, "first"u8);

        _links.Find(Status() with { Mask = 0, Size = 9 }, out _).Should().Be(LinkMatch.OtherFile);
        _links.TryRemember(Status() with { Mask = 0 }, "first"u8);
        _links.Find(Status() with { Mask = 0 }, out _).Should().Be(LinkMatch.SameFile);
    }

    /// <summary>Real ones, but for the number.</summary>
    [Test]
    public void Files_that_the_kernel_made_one_after_the_other_are_two()
    {
        using var layers = new LayerFolder(1).File(0, "a");
        FileCalls.Status(FileCalls.CurrentDirectory, RawFiles.Bytes($"{layers.Top}/a"), out var first).Should().Be(0);
        FileStatus second;
        do
        {
            layers.File(0, "b");
            FileCalls.Status(FileCalls.CurrentDirectory, RawFiles.Bytes($"{layers.Top}/b"), out second).Should().Be(0);
            File.Delete($"{layers.Top}/b");
        }
        while (second.Born == first.Born);

        first.HasBirth.Should().BeTrue();
        _links.TryRemember(first with { Links = 2 }, "a"u8);

        _links.Find(second with { Inode = first.Inode, Links = 2 }, out _).Should().Be(LinkMatch.OtherFile);
    }

    private static FileStatus Status(uint links = 2) => new()
    {
        Mask = 0xFFF,
        Inode = 7,
        Links = links,
        Size = 4,
        Born = new FileTime(1, 500),
        Modified = new FileTime(1, 0),
    };
}
