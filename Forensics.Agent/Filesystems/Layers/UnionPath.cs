using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>The directories from the root to where a walk is. However deep that is, few of them are held open: those that were
/// closed meanwhile are opened again on the way back, from the root, and must be the same ones.</summary>
internal sealed class UnionPath(UnionTree tree, NameBudget names) : IDisposable
{
    private const int MostOpen = 512;

    // On the way back through closed directories, this many are opened at once.
    private const int ReopenedAtOnce = 64;

    // Bytes of names in memory for each directory, while it is walked; less where many are.
    private const int PieceLength = 32 * 1024;
    private const int DeepPieceLength = 4 * 1024;
    private const int Deep = 64;

    // Room for an entry with the longest name that any file system has.
    private const int DeepestPieceLength = 1280;
    private const int Deepest = 1024;

    private readonly NameBudget _names = names;
    private readonly List<UnionLevel> _levels = [new(PieceLength, new NameSet(names), tree.Root)];
    private readonly ByteBuffer _path = new();
    private readonly ByteBuffer _name = new();
    private readonly UnionDirectory _found = new();
    private int _open;
    private int _firstOpen = 1;

    // The directory that could not be opened again: none within it can be, and none is tried.
    private int _lost = int.MaxValue;
    private int _lostError;

    public int Depth { get; private set; }

    /// <summary>Ends in a slash; empty in the root.</summary>
    public ReadOnlySpan<byte> Span => _path.Span;

    public UnionLevel Current => _levels[Depth - 1];

    /// <summary>To be filled with the directory that is entered next.</summary>
    public UnionLevel Next
    {
        get
        {
            if (_levels.Count == Depth) _levels.Add(new UnionLevel(PieceLengthAt(Depth), new NameSet(_names)));
            return _levels[Depth];
        }
    }

    public void EnterRoot(in FileStatus status, bool hasPartialEntry = false)
    {
        _levels[0].Enter(0, 0, status, hasPartialEntry);
        Depth = 1;
    }

    /// <param name="parentPart">The part of the directory above in which the name was found.</param>
    public void Enter(int parentPart, ReadOnlySpan<byte> name, in FileStatus status, bool hasPartialEntry = false)
    {
        _path.Append(name);
        _path.Append((byte)'/');
        var level = Next;
        level.Enter(parentPart, _path.Length, status, hasPartialEntry);
        Depth++;
        _lost = int.MaxValue; // Whoever enters stands in a directory that is open.
        _open += level.Directory.Count;
        while (_open > MostOpen && _firstOpen < Depth - 1) Close(_firstOpen++);
    }

    /// <summary>Goes back to the directory above.</summary>
    /// <returns>0; or, negative, why that one cannot be listed any further. It is the current one all the same.</returns>
    public int Leave()
    {
        if (Depth > 1) Close(Depth - 1);
        Current.NamesAbove.Clear();
        Depth--;
        if (Depth == 0) return 0;
        _path.Truncate(Current.PathLength);
        if (!Current.Directory.IsClosed) return 0;
        return Depth - 1 < _lost ? Reopen() : _lostError;
    }

    public void Dispose()
    {
        for (var i = 1; i < Depth; i++) Close(i);
        Depth = 0;
    }

    private static int PieceLengthAt(int depth) => depth switch
    {
        < Deep => PieceLength,
        < Deepest => DeepPieceLength,
        _ => DeepestPieceLength,
    };

    private void Close(int index)
    {
        var directory = _levels[index].Directory;
        if (directory.IsClosed) return;
        _open -= directory.Count;
        directory.Close();
    }

    private int Reopen()
    {
        var error = 0;
        _lost = int.MaxValue;
        for (var i = 1; i < Depth && error >= 0; i++)
        {
            if (_levels[i].Directory.IsClosed) error = Reopen(i);
            if (error < 0) (_lost, _lostError) = (i, error);
            if (i > 1 && i - 1 < Depth - ReopenedAtOnce) Close(i - 1);
        }

        _firstOpen = Math.Max(1, Depth - ReopenedAtOnce);
        return error;
    }

    private int Reopen(int index)
    {
        var (parent, level) = (_levels[index - 1], _levels[index]);
        _name.Set(_path.Span[parent.PathLength..(level.PathLength - 1)]);
        _name.Append(0);
        var error = tree.OpenDirectory(parent.Directory, level.ParentPart, _name.Span, _found);
        if (error < 0) return error;
        if (_found.Count != level.Directory.Count || FileCalls.Status(_found[0].Descriptor, FileCalls.Itself, out var status) < 0
            || !status.IsSameFileAs(level.Status))
        {
            _found.Close();
            return -Errno.Stale;
        }

        level.Directory.Take(_found);
        _open += level.Directory.Count;
        FileCalls.SeekInDirectory(level.Directory[level.Part].Descriptor, level.Listing.Position);
        return 0;
    }
}
