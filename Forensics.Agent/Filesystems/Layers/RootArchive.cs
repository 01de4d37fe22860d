using System.Buffers;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Writes a root file system as a tar archive with all that an examiner needs of each entry: owner, mode, the three times
/// to the nanosecond, extended attributes and access control lists, hard links, devices, holes; names as the bytes that they are.</summary>
/// <remarks>Format: PAX (POSIX.1-2017) with the keys of star for attributes and GNU's format 1.0 for files with holes.
/// docs/decisions/user-space-union.md says why it is so.</remarks>
internal sealed class RootArchive
{
    // Files whose content is asked for before its turn has come: enough for a disk to work in parallel.
    private const int Ahead = 64;
    // Bytes. One entry may have half a MiB of them.
    private const int MostAttributesAhead = 4 << 20;

    // Larger files may have holes though blocks are counted for all of them: room that was only reserved.
    private const int LargestWithoutLook = 1 << 20;
    private const int EndMark = 2 * TarHeader.BlockLength;

    private readonly IBufferWriter<byte> _output;
    private readonly ArchiveOptions _options;
    private readonly ArchiveTally _tally;
    private readonly ContentWriter _content;
    private readonly CountingWriter _counter;
    private readonly PaxHeader _header = new();
    private readonly SparseMap _sparse = new();
    private readonly HardLinks _links = new();

    private RootArchive(IBufferWriter<byte> output, ArchiveOptions options, ArchiveTally tally)
    {
        _output = _counter = new CountingWriter(output);
        (_options, _tally) = (options, tally);
        _content = new ContentWriter(_output, tally);
    }

    /// <summary>Reads the root and writes it, on the calling thread: it blocks where a disk, or the output, does.</summary>
    /// <param name="output">Its memory is read into as it is, without a copy: give it in large pieces.</param>
    /// <exception cref="LayerException">Nothing was written: the layers cannot be read as one.</exception>
    public static ArchiveSummary Write(
        LayeredRoot root, IBufferWriter<byte> output, ArchiveOptions options, IArchiveObserver observer, CancellationToken cancellationToken)
    {
        if (options.OnlyWritten && root.Upper is null) throw new LayerException("The container has no layer of its own that it could have written to.");
        var tally = new ArchiveTally(observer);
        using var tree = new UnionTree(root);
        using var reader = new EntryReader(tree, options, tally, cancellationToken);
        using var walker = new UnionWalker(tree, reader, options, tally);
        var archive = new RootArchive(output, options, tally);
        archive.WriteAll(walker, cancellationToken);
        archive._content.Zeros(EndMark);
        return tally.Sum(archive._counter.Bytes);
    }

    private void WriteAll(UnionWalker walker, CancellationToken cancellationToken)
    {
        var entries = Enumerable.Range(0, Ahead).Select(_ => new WalkedEntry()).ToArray();
        try
        {
            var (first, count, attributes, hasMore) = (0, 0, 0, true);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (hasMore && count < Ahead && attributes < MostAttributesAhead)
                {
                    var entry = entries[(first + count) % Ahead];
                    hasMore = walker.TryNext(entry);
                    if (!hasMore) break;
                    count++;
                    attributes += entry.Attributes.Length;
                }

                if (count == 0) return;
                attributes -= entries[first].Attributes.Length;
                Write(entries[first], cancellationToken);
                entries[first].Attributes.Clear();
                (first, count) = ((first + 1) % Ahead, count - 1);
            }
        }
        finally
        {
            foreach (var entry in entries) entry.CloseContent();
        }
    }

    private void Write(WalkedEntry entry, CancellationToken cancellationToken)
    {
        // Overlayfs makes one whiteout and links it for every name that is deleted: each is a thing of its own.
        var hasOtherNames = entry.Status is { Links: > 1, Type: not FileType.Directory, IsWhiteout: false };
        ReadOnlySpan<byte> first = default;
        var match = hasOtherNames ? _links.Find(entry.Status, out first) : LinkMatch.None;
        if (match == LinkMatch.SameFile)
        {
            WriteHeader(TarType.HardLink, entry, first, 0);
            entry.CloseContent();
            _tally.Wrote(!entry.IsPartial);
            return;
        }

        var whole = entry.Status.Type == FileType.Regular
            ? WriteFile(entry, cancellationToken)
            : WriteHeader(TypeOf(entry.Status.Type), entry, entry.Link.Span, 0);
        if (whole is not { } isWhole) return;
        _tally.Wrote(isWhole && !entry.IsPartial);
        var isRemembered = !hasOtherNames || _links.TryRemember(entry.Status, entry.Name);
        if (!isRemembered || match == LinkMatch.OtherFile) _tally.Note(new ArchiveNote(NoteKind.LinkNotKept, entry.Name));
    }

    /// <returns>Whether all of it was read; null if it was left out.</returns>
    private bool? WriteFile(WalkedEntry entry, CancellationToken cancellationToken)
    {
        var size = entry.Status.Size;
        var mayHaveHoles = size > LargestWithoutLook || entry.Status.Blocks < size / TarHeader.BlockLength;
        var isSparse = mayHaveHoles && _sparse.TryRead(entry.Content, size);
        var data = isSparse ? _sparse.DataLength : size;
        if (data > _options.LargestFile)
        {
            entry.CloseContent();
            _tally.LeaveOut(entry.Name);
            return null;
        }

        bool whole;
        if (isSparse)
        {
            whole = WriteSparse(entry, cancellationToken);
        }
        else
        {
            WriteHeader(TarType.Regular, entry, default, size);
            _output.Write(entry.Beginning.Span);
            whole = _content.Write(entry, entry.Beginning.Length, size - entry.Beginning.Length, cancellationToken);
        }

        _content.Zeros(-data & (TarHeader.BlockLength - 1));
        Finish(entry);
        return whole;
    }

    private bool WriteSparse(WalkedEntry entry, CancellationToken cancellationToken)
    {
        _header.Make(TarType.Regular, entry.Name, default, _sparse.Text.Length + _sparse.DataLength, _sparse, entry);
        _output.Write(_header.Span);
        _output.Write(_sparse.Text);
        var whole = true;
        foreach (var (offset, length) in _sparse.Extents) whole &= _content.Write(entry, offset, length, cancellationToken);
        var missing = entry.Status.Size - _sparse.MappedLength;
        if (missing == 0) return whole;
        _tally.Note(new ArchiveNote(NoteKind.TooScattered, entry.Name) { Offset = _sparse.MappedLength, Length = missing });
        return false;
    }

    private void Finish(WalkedEntry entry)
    {
        if (entry.WasCold) FileCalls.Advise(entry.Content, 0, ReadAdvice.DontNeed);
        if (!entry.IsMetacopy && FileCalls.Status(entry.Content, FileCalls.Itself, out var now) == 0 && !now.IsUnchangedSince(entry.Status))
            _tally.Note(new ArchiveNote(NoteKind.ChangedWhileRead, entry.Name));
        entry.CloseContent();
    }

    private bool? WriteHeader(byte type, WalkedEntry entry, ReadOnlySpan<byte> link, long size)
    {
        _header.Make(type, entry.Name, link, size, null, entry);
        _output.Write(_header.Span);
        return true;
    }

    private static byte TypeOf(FileType type) => type switch
    {
        FileType.Directory => TarType.Directory,
        FileType.SymbolicLink => TarType.SymbolicLink,
        FileType.CharacterDevice => TarType.CharacterDevice,
        FileType.BlockDevice => TarType.BlockDevice,
        _ => TarType.Fifo,
    };

    /// <summary>Counts what passes.</summary>
    private sealed class CountingWriter(IBufferWriter<byte> inner) : IBufferWriter<byte>
    {
        public long Bytes { get; private set; }

        public void Advance(int count)
        {
            inner.Advance(count);
            Bytes += count;
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
