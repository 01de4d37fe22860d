using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Where a file has data is its writer's choice: it costs no more than it must, and nothing of it is left out silently.</summary>
[TestFixture]
internal sealed class SparseFilesTests
{
    private const int MostPieces = 16 * 1024;

    [Test]
    public void A_file_whose_pieces_lie_too_far_apart_to_be_joined_has_the_first_of_them_and_the_rest_is_told()
    {
        using var layers = new LayerFolder(1);
        const long Apart = 64L << 20;
        const long Pieces = MostPieces + 600;
        using (var file = File.OpenHandle($"{layers.Top}/scattered", FileMode.CreateNew, FileAccess.Write))
        {
            for (var i = 0L; i < Pieces; i++) RandomAccess.Write(file, [1], i * Apart);
        }

        var archive = layers.Archive();

        archive.Names.Should().Contain("scattered");
        archive.Bytes.Length.Should().BeInRange(8000 * 4096, (MostPieces * 4096) + (2 << 20));
        archive.Notes.Should().ContainSingle().Which.Should().Match<RecordedNote>(note =>
            note.Path == "scattered" && note.Offset > 8000 * Apart && note.Offset + note.Length == ((Pieces - 1) * Apart) + 1);
        archive.Summary.Should().Be(new ArchiveSummary(1, 1, 0, 0, 0, archive.Bytes.Length));
    }

    /// <summary>Its blocks are counted as if they held something.</summary>
    [Test]
    public void Room_that_was_only_reserved_is_a_hole()
    {
        using var layers = new LayerFolder(1);
        using (var file = File.OpenHandle($"{layers.Top}/reserved", FileMode.CreateNew, FileAccess.Write, preallocationSize: 4 << 20))
            RandomAccess.SetLength(file, 4 << 20);

        var archive = layers.Archive();

        archive.Names.Should().Contain("reserved");
        archive.Bytes.Length.Should().BeLessThan(64 * 1024);
    }
}
