using Forensics.Agent.Filesystems.Linux;
using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Takes one change.</summary>
/// <param name="path">Absolute, raw, valid until the next.</param>
internal delegate void ChangeSeen(ChangeKind kind, ReadOnlySpan<byte> path);

/// <summary>What a container changed against its image, by the rules of <c>docker diff</c>: the two file systems are compared as a
/// process would see them, but of the container's only what its upper layer holds is looked at.</summary>
/// <remarks>The rules are those of moby's pkg/archive: a directory counts as changed if its owner or mode did or anything in it
/// did; of a deleted directory only its own path is told. One rule is ours: a file or link of the upper layer of which all that is
/// the same is compared by its content too.</remarks>
internal sealed class RootDiff : IDisposable
{
    private readonly UnionTree _newTree;
    private readonly UnionTree _oldTree;
    private readonly UnionPath _new;
    private readonly UnionPath _old;
    private readonly List<Level> _levels = [];
    private readonly ChangeTeller _teller;
    private readonly IArchiveObserver _observer;
    private readonly HeldFiles _files;
    private readonly ContentComparer _contents;
    private readonly int _longestPath;

    private RootDiff(LayeredRoot root, ChangeSeen seen, IArchiveObserver observer, ArchiveOptions options, CancellationToken cancellationToken)
    {
        _newTree = new UnionTree(root);
        _oldTree = new UnionTree(new LayeredRoot(null, [.. root.Layers.Skip(1)]) { HasUserMarks = root.HasUserMarks });
        // Whether a name lies in a part above is looked up in both, so that none need be remembered.
        (_new, _old) = (new UnionPath(_newTree, new NameBudget(0, 0)), new UnionPath(_oldTree, new NameBudget(0, 0)));
        (_teller, _observer, _longestPath) = (new ChangeTeller(seen), observer, options.LongestPath);
        _files = new HeldFiles(_newTree.Opener, new LeasePatience(options.Clock, cancellationToken));
        _contents = new ContentComparer(_newTree, _oldTree, _files);
    }

    /// <summary>Tells every change, a directory before what is in it.</summary>
    /// <param name="observer">Is told of what could not be compared.</param>
    /// <param name="options">Of these, how long a path may be, and the clock; null for the usual ones.</param>
    /// <exception cref="LayerException">There is no upper layer, or nothing below it, or the layers cannot be read as one.</exception>
    public static void Read(
        LayeredRoot root, ChangeSeen seen, IArchiveObserver observer, CancellationToken cancellationToken, ArchiveOptions? options = null)
    {
        if (root.Upper is null || root.Layers.Count < 2) throw new LayerException("Without an upper layer and an image below it there is nothing to compare.");
        using var diff = new RootDiff(root, seen, observer, options ?? new ArchiveOptions(), cancellationToken);
        diff.Walk(cancellationToken);
    }

    public void Dispose()
    {
        _new.Dispose();
        _old.Dispose();
        _files.Dispose();
        _newTree.Dispose();
        _oldTree.Dispose();
    }

    private void Walk(CancellationToken cancellationToken)
    {
        FileCalls.Status(_newTree.Root[0].Descriptor, FileCalls.Itself, out var newStatus);
        FileCalls.Status(_oldTree.Root[0].Descriptor, FileCalls.Itself, out var oldStatus);
        _new.EnterRoot(newStatus);
        _old.EnterRoot(oldStatus);
        Push(hasOld: true);
        while (_levels.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var level = _levels[^1];
            var listed = level.ListsOld ? _old.Current : _new.Current;
            var found = listed.Listing.TryNext(listed.Directory[listed.Part].Descriptor, out var name);
            // A directory that was deleted meanwhile does not exist where it would have nothing more.
            if (found is < 0 and not -Errno.NoEntry) Report(NoteKind.NotListed, [], -found);
            if (found <= 0) EndPart(level, listed);
            else if (_new.Span.Length + name.Text.Length > _longestPath) Report(NoteKind.TooLarge, name.Text[..^1], 0);
            else if (level.ListsOld) CompareOld(listed, name.Text);
            else CompareNew(level, listed, name.Text, cancellationToken);
        }
    }

    private void CompareNew(Level level, UnionLevel listed, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        var oldPart = 0;
        FileStatus oldStatus = default;
        var isOld = level.HasOld && _oldTree.TryFind(_old.Current.Directory, name, out oldPart, out oldStatus);
        if (!_newTree.TryFind(listed.Directory, name, out var part, out var status))
        {
            // Deleted. Where all of the old directory is gone through as well, it is met there.
            if (isOld && level.ListsUpperOnly) _teller.Tell(ChangeKind.Deleted, name[..^1]);
            return;
        }

        // Shown from a part above, where it was met already.
        if (part != listed.Part) return;
        var isBoth = isOld && oldStatus.Type == FileType.Directory && status.Type == FileType.Directory;
        var isChange = !isOld || IsDifferent(listed.Directory[part].Descriptor, status, _old.Current.Directory[oldPart].Descriptor, oldStatus, name)
            || HasOtherContent(listed.Directory[part], status, oldPart, name, cancellationToken);
        if (isChange) _teller.Tell(isOld ? ChangeKind.Changed : ChangeKind.Added, name[..^1]);
        if (status.Type == FileType.Directory) Enter(part, isBoth ? oldPart : null, name, isChange);
    }

    private void CompareOld(UnionLevel listed, ReadOnlySpan<byte> name)
    {
        if (_oldTree.TryFind(listed.Directory, name, out var part, out _) && part == listed.Part && !_newTree.TryFind(_new.Current.Directory, name, out _, out _))
            _teller.Tell(ChangeKind.Deleted, name[..^1]);
    }

    private void Enter(int part, int? oldPart, ReadOnlySpan<byte> name, bool isTold)
    {
        if (!TryOpen(_newTree, _new, part, name, out var status)) return;
        FileStatus oldStatus = default;
        if (oldPart is { } old && !TryOpen(_oldTree, _old, old, name, out oldStatus))
        {
            _new.Next.Directory.Close();
            return;
        }

        // Nothing of it was written by the container, and it is where it was.
        if (oldPart is not null && IsSame(_new.Next.Directory, 0, _old.Next.Directory))
        {
            _new.Next.Directory.Close();
            _old.Next.Directory.Close();
            return;
        }

        _new.Enter(part, name[..^1], status);
        if (oldPart is { } entered) _old.Enter(entered, name[..^1], oldStatus);
        _teller.Enter(name[..^1], isTold);
        Push(oldPart is not null);
    }

    private void Push(bool hasOld) => _levels.Add(new Level
    {
        HasOld = hasOld,
        ListsUpperOnly = hasOld && _new.Current.Directory[0].Layer == 0 && IsSame(_new.Current.Directory, 1, _old.Current.Directory),
    });

    private bool TryOpen(UnionTree tree, UnionPath path, int part, ReadOnlySpan<byte> name, out FileStatus status)
    {
        status = default;
        var directory = path.Next.Directory;
        var error = tree.OpenDirectory(path.Current.Directory, part, name, directory);
        if (error >= 0) error = FileCalls.Status(directory[0].Descriptor, FileCalls.Itself, out status);
        if (error < 0) Report(NoteKind.NotListed, name[..^1], -error);
        return error >= 0;
    }

    /// <summary>Whether both consist of the same directories, but for the first ones of the new.</summary>
    private static bool IsSame(UnionDirectory directory, int skip, UnionDirectory old)
    {
        if (directory.Count - skip != old.Count) return false;
        for (var i = 0; i < old.Count; i++)
        {
            if (FileCalls.Status(directory[i + skip].Descriptor, FileCalls.Itself, out var one) < 0
                || FileCalls.Status(old[i].Descriptor, FileCalls.Itself, out var other) < 0
                || !one.IsSameFileAs(other)) return false;
        }

        return true;
    }

    private static bool IsDifferent(int directory, in FileStatus status, int oldDirectory, in FileStatus oldStatus, ReadOnlySpan<byte> name) =>
        status.TypeAndMode != oldStatus.TypeAndMode
        || status.UserId != oldStatus.UserId || status.GroupId != oldStatus.GroupId
        || status.DeviceMajor != oldStatus.DeviceMajor || status.DeviceMinor != oldStatus.DeviceMinor
        || (status.Type != FileType.Directory && (status.Size != oldStatus.Size || !IsSameTime(status.Modified, oldStatus.Modified)))
        || (status.Type == FileType.Regular && !FileCapability.IsSame(directory, oldDirectory, name));

    /// <summary>Whether a file of the container's own layer is another one though all that is told of it is the same.</summary>
    private bool HasOtherContent(UnionDirectory.Part directory, in FileStatus status, int oldPart, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        if (directory.Layer != 0) return false;
        var result = status.Type switch
        {
            FileType.Regular => _contents.CompareFiles(directory.Descriptor, _old.Current.Directory, oldPart, name, cancellationToken),
            FileType.SymbolicLink => _contents.CompareLinks(directory.Descriptor, _old.Current.Directory[oldPart].Descriptor, name),
            _ => 0,
        };
        if (result is < 0 and not -Errno.NoEntry) Report(NoteKind.ContentUnreadable, name[..^1], -result);
        return result > 0;
    }

    /// <summary>Some archives that images are unpacked from have whole seconds only.</summary>
    private static bool IsSameTime(FileTime one, FileTime other) =>
        one.Seconds == other.Seconds && (one.Nanoseconds == other.Nanoseconds || one.Nanoseconds == 0 || other.Nanoseconds == 0);

    private void EndPart(Level level, UnionLevel listed)
    {
        listed.Listing.Restart();
        if (++listed.Part < (level.ListsUpperOnly ? 1 : listed.Directory.Count)) return;
        if (level is { ListsOld: false, ListsUpperOnly: false, HasOld: true })
        {
            level.ListsOld = true;
            return;
        }

        Leave(level);
    }

    private void Leave(Level level)
    {
        int error;
        do
        {
            _levels.RemoveAt(_levels.Count - 1);
            if (_levels.Count > 0) _teller.Leave();
            error = _new.Leave();
            if (level.HasOld) error = Math.Min(error, _old.Leave());
            if (error < 0) Report(NoteKind.NotListed, [], -error);
            if (_levels.Count > 0) level = _levels[^1];
        }
        while (error < 0);
    }

    private void Report(NoteKind kind, ReadOnlySpan<byte> name, int errno) =>
        _observer.Note(new ArchiveNote(kind, [.. _new.Span, .. name]) { Errno = errno });

    /// <summary>A directory that both are compared in.</summary>
    private sealed class Level
    {
        public bool HasOld { get; init; }

        /// <summary>All else in it is the image's, where it was.</summary>
        public bool ListsUpperOnly { get; init; }

        /// <summary>The second turn: what the old one had and the new one has not.</summary>
        public bool ListsOld { get; set; }
    }
}
