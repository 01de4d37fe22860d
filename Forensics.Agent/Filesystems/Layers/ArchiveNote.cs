namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Something that an examiner must know of one entry of an archive; valid while it is looked at.</summary>
internal readonly ref struct ArchiveNote(NoteKind kind, ReadOnlySpan<byte> path)
{
    public NoteKind Kind { get; } = kind;

    /// <summary>Relative to the root, raw: an attacker's.</summary>
    public ReadOnlySpan<byte> Path { get; } = path;

    /// <summary>The system call's error number; 0 if there was no error.</summary>
    public int Errno { get; init; }

    /// <summary>Of the content that is missing: where it begins, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>Of the content that is missing: how many bytes of zeros stand for it in the archive.</summary>
    public long Length { get; init; }
}

internal enum NoteKind
{
    /// <summary>Skipped by rule: a Unix socket, for which tar has no form.</summary>
    Socket,

    /// <summary>Failed: a path, or a file, beyond <see cref="ArchiveOptions"/>' limits. Nothing below it is in the archive either.</summary>
    TooLarge,

    /// <summary>The entry is there; skipped by rule is what is mounted on it.</summary>
    MountPoint,

    /// <summary>Failed: the entry is not in the archive.</summary>
    Unreadable,

    /// <summary>Partial: the directory's entry is there, some or all of what it holds is not.</summary>
    NotListed,

    /// <summary>Partial: the entry is there, some or all of its attributes are not.</summary>
    AttributesUnreadable,

    /// <summary>Partial: the content could not be read from Offset on; zeros stand for Length bytes.</summary>
    ContentUnreadable,

    /// <summary>Partial: the file became shorter while it was read; zeros stand for Length bytes from Offset on.</summary>
    Shrunk,

    /// <summary>Partial: the file has more pieces, too far apart, than an archive can list; from Offset on, a hole of Length bytes stands for the rest.</summary>
    TooScattered,

    /// <summary>The content is what it was at some moments between two looks, or longer by now. A directory was deleted.</summary>
    ChangedWhileRead,

    /// <summary>A name that was listed was gone when it was to be opened.</summary>
    Vanished,

    /// <summary>The kernel refused to leave the time of access as it was.</summary>
    AccessTimeTouched,

    /// <summary>A file that has other names is in the archive whole, on its own: its inode's number was another file's before, or too many
    /// names were to be remembered.</summary>
    LinkNotKept,
}
