using System.Formats.Tar;
using System.Text;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>What does not fit into the old header is told in the extension, as readers other than ours find it.</summary>
[TestFixture]
internal sealed class PaxHeaderTests
{
    [TestCase(TarBlock.LargestSize, false)]
    [TestCase(TarBlock.LargestSize + 1, true)]
    [TestCase(1L << 40, true)]
    public void A_file_of_8_GiB_and_more_has_its_size_in_a_record(long size, bool isTold)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "archive.tar");

        WriteArchive(file, size);

        using var archive = File.OpenRead(file);
        var header = new byte[2048];
        archive.ReadExactly(header);
        Encoding.Latin1.GetString(header).Contains($" size={size}\n", StringComparison.Ordinal).Should().Be(isTold);
        archive.Position = 0;
        using var reader = new TarReader(archive);
        var entry = reader.GetNextEntry()!;
        (entry.Name, entry.Length).Should().Be(("large", size));
        reader.GetNextEntry().Should().BeNull();
    }

    /// <summary>One dense file. In the archive's own file a hole stands for its content.</summary>
    public static void WriteArchive(string file, long size)
    {
        var entry = new WalkedEntry();
        entry.Begin([], "large"u8);
        entry.Status = new() { TypeAndMode = 0x81A4, Size = size };
        var header = new PaxHeader();
        header.Make(Forensics.Agent.Filesystems.TarType.Regular, entry.Name, default, size, null, entry);

        using var archive = File.Create(file);
        archive.Write(header.Span);
        archive.SetLength(archive.Position + size + (-size & 511) + 1024);
    }
}
