using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Files with several names, under the first of them that is in the archive, until the last one has come by.</summary>
internal sealed class HardLinks
{
    // So much memory at the most, since whoever made the links chose how many there are.
    private const long MostBytes = 16 << 20;
    private const int BytesOfEntry = 160;

    private readonly Dictionary<(ulong FileSystem, ulong Inode), Name> _names = [];
    private long _bytes;

    /// <param name="path">Of the first name, if the file is known.</param>
    public LinkMatch Find(scoped in FileStatus status, out ReadOnlySpan<byte> path)
    {
        path = default;
        var key = (status.FileSystem, status.Inode);
        if (!_names.TryGetValue(key, out var name)) return LinkMatch.None;
        if (!name.Identity.IsSameFile(FileIdentity.Of(status)))
        {
            Forget(key, name);
            return LinkMatch.OtherFile;
        }

        path = name.Path;
        if (name.Left > 1) _names[key] = name with { Left = name.Left - 1 };
        else Forget(key, name);
        return LinkMatch.SameFile;
    }

    /// <returns>False if there are too many to remember.</returns>
    public bool TryRemember(in FileStatus status, ReadOnlySpan<byte> path)
    {
        if (_bytes + path.Length + BytesOfEntry > MostBytes) return false;
        var name = new Name(path.ToArray(), status.Links - 1, FileIdentity.Of(status));
        if (_names.TryAdd((status.FileSystem, status.Inode), name)) _bytes += path.Length + BytesOfEntry;
        return true;
    }

    private void Forget((ulong FileSystem, ulong Inode) key, Name name)
    {
        _names.Remove(key);
        _bytes -= name.Path.Length + BytesOfEntry;
    }

    /// <param name="Left">How many more names there are.</param>
    private readonly record struct Name(byte[] Path, uint Left, FileIdentity Identity);

    /// <summary>What tells a file from one that was given its inode's number after it was deleted.</summary>
    /// <param name="Born">Which no process can set; null where the file system does not keep it.</param>
    private readonly record struct FileIdentity(FileTime? Born, long Size, FileTime Modified)
    {
        public static FileIdentity Of(in FileStatus status) => new(status.HasBirth ? status.Born : null, status.Size, status.Modified);

        public bool IsSameFile(FileIdentity other) =>
            Born is not null && other.Born is not null ? Born == other.Born : Size == other.Size && Modified == other.Modified;
    }
}

/// <summary>What is known of a file that has several names.</summary>
internal enum LinkMatch
{
    /// <summary>It is the first name, or one that could not be remembered.</summary>
    None,

    SameFile,

    /// <summary>A file of the same inode number is in the archive, and is another one.</summary>
    OtherFile,
}
