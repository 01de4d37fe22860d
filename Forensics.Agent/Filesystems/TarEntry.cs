namespace Forensics.Agent.Filesystems;

/// <summary>One entry of an archive, valid while it is looked at. Name and link are an attacker's, and raw.</summary>
internal readonly ref struct TarEntry
{
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>Where a link leads; empty for all else.</summary>
    public ReadOnlySpan<byte> Link { get; init; }

    /// <summary>One of <see cref="TarType"/>; any other one is a file.</summary>
    public byte Type { get; init; }

    /// <summary>Permissions and the bits for set-user-id, set-group-id and sticky.</summary>
    public int Mode { get; init; }
    public long Uid { get; init; }
    public long Gid { get; init; }

    /// <summary>Bytes of content in the archive.</summary>
    public long Size { get; init; }

    /// <summary>Bytes of the file, if its holes are left out of the archive; null if it is there as it is.</summary>
    public long? SparseSize { get; init; }

    /// <summary>Nanoseconds since 1970, UTC; at the ends of the range for times beyond it.</summary>
    public long Modified { get; init; }

    /// <summary>The same for the last access and the last change of status; null if the archive does not say.</summary>
    public long? Accessed { get; init; }
    public long? StatusChanged { get; init; }

    /// <summary>False for links, devices, directories and fifos, whatever their size says.</summary>
    public bool HasContent => TarType.HasContent(Type);
}

/// <summary>Looks at an archive's entries while it streams past: each begins, has content or not, and ends, unless the archive
/// breaks off within it.</summary>
internal interface ITarVisitor
{
    void Begin(TarEntry entry);

    void Content(ReadOnlySpan<byte> bytes);

    void End();
}

/// <param name="Problem">For a person; null if the archive is whole.</param>
/// <param name="IsCut">True if it ended too soon, false if it is malformed.</param>
internal sealed record TarVerdict(long Entries, string? Problem, bool IsCut);
