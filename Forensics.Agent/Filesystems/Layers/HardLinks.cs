using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Files with several names, under the first of them that is in the archive, until the last one has come by.</summary>
internal sealed class HardLinks
{
    // So much memory at the most, since whoever made the links chose how many there are.
    private const long MostBytes = 16 << 20;
    private const int BytesOfEntry = 100;

    private readonly Dictionary<(ulong FileSystem, ulong Inode), Name> _names = [];
    private long _bytes;

    /// <summary>False if it is the first name, or one that could not be remembered.</summary>
    public bool TryFind(in FileStatus status, out ReadOnlySpan<byte> path)
    {
        path = default;
        var key = (status.FileSystem, status.Inode);
        if (!_names.TryGetValue(key, out var name)) return false;
        path = name.Path;
        if (name.Left > 1) _names[key] = name with { Left = name.Left - 1 };
        else Forget(key, name);
        return true;
    }

    /// <returns>False if there are too many to remember.</returns>
    public bool TryRemember(in FileStatus status, ReadOnlySpan<byte> path)
    {
        if (_bytes + path.Length + BytesOfEntry > MostBytes) return false;
        if (_names.TryAdd((status.FileSystem, status.Inode), new Name(path.ToArray(), status.Links - 1))) _bytes += path.Length + BytesOfEntry;
        return true;
    }

    private void Forget((ulong FileSystem, ulong Inode) key, Name name)
    {
        _names.Remove(key);
        _bytes -= name.Path.Length + BytesOfEntry;
    }

    /// <param name="Left">How many more names there are.</param>
    private readonly record struct Name(byte[] Path, uint Left);
}
