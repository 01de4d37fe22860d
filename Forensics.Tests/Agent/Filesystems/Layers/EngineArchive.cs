using System.Buffers;
using System.Formats.Tar;
using System.Text;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>An archive that the engine wrote, in memory.</summary>
internal sealed record EngineArchive(byte[] Bytes, ArchiveSummary Summary, IReadOnlyList<RecordedNote> Notes)
{
    public static EngineArchive Of(LayeredRoot root, ArchiveOptions? options = null)
    {
        var output = new ArrayBufferWriter<byte>();
        return Of(root, output, () => output.WrittenSpan.ToArray(), options);
    }

    /// <param name="output">May do things while it is written to.</param>
    public static EngineArchive Of(LayeredRoot root, IBufferWriter<byte> output, Func<byte[]> written, ArchiveOptions? options = null)
    {
        var notes = new RecordedNotes();
        var summary = RootArchive.Write(root, output, options ?? new ArchiveOptions(), notes, CancellationToken.None);
        var bytes = written();
        bytes.LongLength.Should().Be(summary.Bytes);
        return new EngineArchive(bytes, summary, notes.All);
    }

    /// <summary>By our own reader of archives: whole, and with as many entries as were counted.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var names = WalkedArchive.Of(Bytes).Names;
            names.Count.Should().Be((int)Summary.Entries);
            return names;
        }
    }

    /// <summary>As .NET's own reader has them. It knows nothing of holes.</summary>
    public IReadOnlyList<PaxTarEntry> Entries
    {
        get
        {
            var entries = new List<PaxTarEntry>();
            using var reader = new TarReader(new MemoryStream(Bytes));
            while (reader.GetNextEntry(copyData: true) is { } entry) entries.Add((PaxTarEntry)entry);
            return entries;
        }
    }

    public PaxTarEntry this[string name] => Entries.Single(entry => entry.Name == name);

    public string Content(string name)
    {
        using var reader = new StreamReader(this[name].DataStream ?? new MemoryStream(), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
