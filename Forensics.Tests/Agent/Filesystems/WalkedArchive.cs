using System.Formats.Tar;
using Forensics.Agent.Filesystems;

namespace Forensics.Tests.Agent.Filesystems;

/// <summary>An archive in memory that our own reader has walked to its end and found whole.</summary>
internal sealed class WalkedArchive
{
    private readonly byte[] _bytes;

    private WalkedArchive(byte[] bytes, IReadOnlyList<string> names) => (_bytes, Names) = (bytes, names);

    /// <summary>Escaped.</summary>
    public IReadOnlyList<string> Names { get; }

    public static WalkedArchive Of(byte[] bytes)
    {
        var seen = new SeenNames();
        var walker = new TarWalker(seen);
        walker.Write(bytes);
        walker.Finish().Should().Be(new TarVerdict(seen.Names.Count, null, false));
        return new WalkedArchive(bytes, seen.Names);
    }

    /// <summary>By .NET's reader.</summary>
    /// <param name="path">As an export has it: relative, with nothing before it.</param>
    public byte[] Content(string path)
    {
        using var archive = new TarReader(new MemoryStream(_bytes));
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.Name != path) continue;
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            return content.ToArray();
        }

        throw new AssertionException($"{path} is not in the archive.");
    }

    private sealed class SeenNames : ITarVisitor
    {
        public List<string> Names { get; } = [];

        public void Begin(Forensics.Agent.Filesystems.TarEntry entry) => Names.Add(EscapedText.Of(entry.Name));

        public void Content(ReadOnlySpan<byte> bytes)
        {
            // Only the names are asked for.
        }

        public void End()
        {
            // As above.
        }
    }
}
