using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Tells changes, and before the first within a directory that the directory is changed.</summary>
internal sealed class ChangeTeller(ChangeSeen seen)
{
    private readonly ByteBuffer _path = new();
    private readonly List<(int Length, bool IsTold)> _directories = [];

    public void Enter(ReadOnlySpan<byte> name, bool isTold)
    {
        _path.Append((byte)'/');
        _path.Append(name);
        _directories.Add((_path.Length, isTold));
    }

    public void Leave()
    {
        _directories.RemoveAt(_directories.Count - 1);
        _path.Truncate(_directories.Count == 0 ? 0 : _directories[^1].Length);
    }

    public void Tell(ChangeKind kind, ReadOnlySpan<byte> name)
    {
        TellDirectories();
        var length = _path.Length;
        _path.Append((byte)'/');
        _path.Append(name);
        seen(kind, _path.Span);
        _path.Truncate(length);
    }

    private void TellDirectories()
    {
        // Where one is told, so are all above it.
        var first = _directories.Count;
        while (first > 0 && !_directories[first - 1].IsTold) first--;
        for (; first < _directories.Count; first++)
        {
            seen(ChangeKind.Changed, _path.Span[.._directories[first].Length]);
            _directories[first] = (_directories[first].Length, true);
        }
    }
}
