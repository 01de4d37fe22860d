using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Walks the merged file system, each directory before what is in it, in the order in which the layers list their names.</summary>
internal sealed class UnionWalker(UnionTree tree, EntryReader reader, ArchiveOptions options, ArchiveTally tally) : IDisposable
{
    private readonly UnionPath _path = new(tree, new NameBudget(options.RememberedNames, options.RememberedDirectories));
    private bool _hasBegun;
    private FileTime _begunAt;

    /// <returns>False at the end.</returns>
    public bool TryNext(WalkedEntry entry)
    {
        if (!_hasBegun) return Begin(entry);
        while (_path.Depth > 0)
        {
            var level = _path.Current;
            var found = level.Listing.TryNext(level.Directory[level.Part].Descriptor, out var name);
            if (found > 0)
            {
                if (Visit(level, name, entry)) return true;
            }
            else
            {
                // Of one that was deleted the kernel says so at the end. That it has changed is told when it is left.
                if (found is < 0 and not -Errno.NoEntry) BreakOff(level, -found);
                EndPart(level);
            }
        }

        return false;
    }

    public void Dispose() => _path.Dispose();

    private bool Begin(WalkedEntry entry)
    {
        _hasBegun = true;
        _begunAt = FileTime.Of(TimeProvider.System.GetUtcNow()); // The clock that file systems stamp by; a network's may go by its server's.
        entry.Begin([], "./"u8);
        var error = reader.ReadDirectory(tree.Root[0].Descriptor, entry);
        if (error < 0) throw new LayerException($"The topmost layer cannot be read: {Errno.Describe(-error)}.");
        _path.EnterRoot(entry.Status, entry.IsPartial);
        return true;
    }

    /// <returns>True if it made an entry.</returns>
    private bool Visit(UnionLevel level, ListedName name, WalkedEntry entry)
    {
        options.OnName();
        entry.Begin(_path.Span, name.Text[..^1]);
        if (entry.Path.Length >= options.LongestPath)
        {
            tally.LeaveOut(entry.Name);
            return false;
        }

        var part = PartAbove(level, name);
        if (part < 0) return false;
        var error = name.MayBeDirectory ? Enter(level, part, name.Text, entry) : -Errno.NotADirectory;
        return error >= 0 || reader.TryRead(level.Directory, part, name.Text, entry, error);
    }

    /// <summary>The part whose entry is the one to take: the listed one, or none (-1) if a part above hides it.</summary>
    private int PartAbove(UnionLevel level, ListedName name)
    {
        for (var above = 0; above < level.Part; above++)
        {
            if (FileCalls.Status(level.Directory[above].Descriptor, name.Text, out var status) < 0) continue;
            // What hides it was shown in its turn; or it came only after the layer above had been listed, as a file does that is
            // written to for the first time. Where there are too many names to remember, once too often is better than not at all.
            if (level.NamesAbove.Contains(name.Text)) return -1;
            if (status.Type == FileType.Directory && level.NamesAbove.LacksDirectories)
            {
                // Not so with a directory: all that is in it would come once more, and the same again in each directory within.
                BreakOff(level, Errno.NoMemory);
                return -1;
            }

            level.NamesAbove.Add(name.Text, status.Type == FileType.Directory);
            return above;
        }

        if (level.Part < PartsOf(level) - 1) level.NamesAbove.Add(name.Text, name.MayBeDirectory);
        return level.Part;
    }

    /// <returns>0 with the directory's entry, or why it is no directory or cannot be listed.</returns>
    private int Enter(UnionLevel level, int part, ReadOnlySpan<byte> name, WalkedEntry entry)
    {
        var directory = _path.Next.Directory;
        var error = tree.OpenDirectory(level.Directory, part, name, directory);
        if (error < 0) return error;
        error = reader.ReadDirectory(directory[0].Descriptor, entry);
        if (error < 0 || IsMount(level.Directory[0].Layer, level.Status, directory[0].Layer, entry.Status))
        {
            directory.Close();
            if (error >= 0) tally.Note(new ArchiveNote(NoteKind.MountPoint, entry.Name));
        }
        else
        {
            _path.Enter(part, name[..^1], entry.Status, entry.IsPartial);
        }

        return error;
    }

    private static bool IsMount(int layer, in FileStatus parent, int childLayer, in FileStatus child) =>
        child.IsMountRoot || (layer == childLayer && child.FileSystem != parent.FileSystem);

    private void EndPart(UnionLevel level)
    {
        level.Listing.Restart();
        if (++level.Part < PartsOf(level)) return;
        NoteIfChanged(level);
        // A directory that cannot be found again once its children are done is broken off, and so may be the one above it.
        for (var error = _path.Leave(); error < 0; error = _path.Leave()) BreakOff(_path.Current, -error);
    }

    /// <summary>What is moved from where the walk has yet to come to where it has been is found in neither place. The directory that it
    /// was in shows it: it has changed since the walk began.</summary>
    private void NoteIfChanged(UnionLevel level)
    {
        if (level.Directory.IsClosed) return;
        if (FileCalls.Status(level.Directory[0].Descriptor, FileCalls.Itself, out var now) < 0 || now.StatusChanged.IsAfter(_begunAt) || now.StatusChanged != level.Status.StatusChanged) tally.Note(new ArchiveNote(NoteKind.ChangedWhileRead, _path.Span));
    }

    private int PartsOf(UnionLevel level) => options.OnlyWritten ? 1 : level.Directory.Count;

    private void BreakOff(UnionLevel level, int errno)
    {
        if (!level.IsBroken) tally.BreakOff(_path.Span, errno, !level.HasPartialEntry);
        level.IsBroken = true;
    }
}
