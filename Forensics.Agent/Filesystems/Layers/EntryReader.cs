using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Reads what a walk finds: status, attributes, where a link leads. A file's content is opened, and asked for ahead of
/// its time. Nothing but directories and regular files is ever opened.</summary>
internal sealed class EntryReader : IDisposable
{
    private const int LongestLink = 4096;

    /// <summary>Larger files are read ahead by the kernel itself.</summary>
    private const int LargestAskedFor = 128 * 1024;

    /// <summary>Larger contents are not worth a copy to save a call.</summary>
    private const int LongestKept = 16 * 1024;

    private readonly UnionTree _tree;
    private readonly ArchiveOptions _options;
    private readonly ArchiveTally _tally;
    private readonly AttributeReader _attributes;
    private readonly HeldFiles _files;
    private readonly byte[] _probe = new byte[1];

    /// <exception cref="LayerException">There is no /proc.</exception>
    public EntryReader(UnionTree tree, ArchiveOptions options, ArchiveTally tally, CancellationToken cancellationToken)
    {
        (_tree, _options, _tally) = (tree, options, tally);
        _attributes = new AttributeReader(tree.Marks, options.OnlyWritten);
        _files = new HeldFiles(tree.Opener, new LeasePatience(options.Clock, cancellationToken));
    }

    public void Dispose() => _files.Dispose();

    /// <param name="directory">Open for listing.</param>
    /// <returns>0 or an error.</returns>
    public int ReadDirectory(int directory, WalkedEntry entry)
    {
        var error = FileCalls.Status(directory, FileCalls.Itself, out var status);
        if (error < 0) return error;
        entry.Status = status;
        if (entry.Path.Span is not [.., (byte)'/']) entry.Path.Append((byte)'/');
        ReadAttributes(new AttributeSource(directory, isPathOnly: false), entry);
        return 0;
    }

    /// <param name="listError">Why it could not be listed, should it be a directory.</param>
    /// <returns>False if there is no entry: it is counted then, unless the merged file system does not show it.</returns>
    public bool TryRead(UnionDirectory directory, int part, ReadOnlySpan<byte> name, WalkedEntry entry, int listError)
    {
        var held = FileCalls.Open(directory[part].Descriptor, name, OpenFlags.AsItIs);
        if (held < 0) return Fail(entry, held);
        try
        {
            var error = FileCalls.Status(held, FileCalls.Itself, out var status);
            entry.Status = status;
            if (error < 0) return Fail(entry, error);
            if (IsHidden(directory[part], held, status)) return false;
            if (status.IsMountRoot) return Skip(entry, NoteKind.MountPoint);
            return status.Type switch
            {
                FileType.Regular => TryReadFile(directory, part, name, held, entry),
                FileType.Socket => Skip(entry, NoteKind.Socket),
                _ => TryReadOther(held, entry, listError),
            };
        }
        finally
        {
            FileCalls.Close(held);
        }
    }

    private bool IsHidden(UnionDirectory.Part part, int held, in FileStatus status) =>
        _tree.Marks is { } marks && !_options.OnlyWritten
        && (status.IsWhiteout
            || (part.HoldsAttributeWhiteouts && status is { Type: FileType.Regular, Size: 0 } && marks.IsWhiteout(new DescriptorPath(held).Span)));

    private bool TryReadFile(UnionDirectory directory, int part, ReadOnlySpan<byte> name, int held, WalkedEntry entry)
    {
        var touched = _tree.Opener.Touched;
        var content = _files.Open(held);
        if (content < 0) return Fail(entry, content);
        ReadAttributes(new AttributeSource(content, isPathOnly: false), entry);
        if (_attributes.IsMetacopy)
        {
            entry.IsMetacopy = true;
            var below = _tree.OpenContentBelow(directory, part, name, content, _files.OpenAndRelease);
            FileCalls.Close(content);
            if (below < 0) return Fail(entry, below);
            content = below;
        }

        if (_tree.Opener.Touched != touched && !_tree.LeavesNoTrace) _tally.Note(new ArchiveNote(NoteKind.AccessTimeTouched, entry.Name));
        entry.Content = content;
        if (entry.Status.Size is > 0 and <= LargestAskedFor) AskFor(content, (int)entry.Status.Size, entry);
        return true;
    }

    /// <summary>Not to be read now, but soon: the disk may begin. What is in memory anyway needs no asking; if it is short, it is taken at once.</summary>
    private void AskFor(int content, int size, WalkedEntry entry)
    {
        var isKept = size <= LongestKept;
        var read = FileCalls.Read(content, isKept ? entry.Beginning.GetSpan(size)[..size] : _probe, 0, ReadFlags.NoWait);
        if (read >= 0)
        {
            if (isKept) entry.Beginning.Advance(read);
            return;
        }

        entry.WasCold = read == -Errno.TryAgain;
        FileCalls.Advise(content, 0, ReadAdvice.WillNeed);
    }

    private bool TryReadOther(int held, WalkedEntry entry, int listError)
    {
        if (entry.Status.Type == FileType.SymbolicLink)
        {
            var length = FileCalls.ReadLink(held, entry.Link.GetSpan(LongestLink));
            if (length < 0) return Fail(entry, length);
            entry.Link.Advance(length);
            if (!_tree.LeavesNoTrace && FileCalls.Status(held, FileCalls.Itself, out var now) == 0 && now.Accessed != entry.Status.Accessed)
                _tally.Note(new ArchiveNote(NoteKind.AccessTimeTouched, entry.Name));
        }
        else if (entry.Status.Type == FileType.Directory)
        {
            entry.Path.Append((byte)'/');
            entry.IsPartial = true;
            _tally.Note(new ArchiveNote(NoteKind.NotListed, entry.Name) { Errno = -listError });
        }

        ReadAttributes(new AttributeSource(held, isPathOnly: true), entry);
        return true;
    }

    private void ReadAttributes(AttributeSource source, WalkedEntry entry)
    {
        var error = _attributes.Read(source, entry.Attributes);
        if (error >= 0) return;
        entry.IsPartial = true;
        _tally.Note(new ArchiveNote(NoteKind.AttributesUnreadable, entry.Name) { Errno = -error });
    }

    private bool Fail(WalkedEntry entry, int error)
    {
        if (error == -Errno.NoEntry) _tally.Vanish(entry.Name);
        else _tally.Fail(entry.Name, -error);
        return false;
    }

    private bool Skip(WalkedEntry entry, NoteKind rule)
    {
        _tally.Skip(entry.Name, rule);
        return false;
    }
}
