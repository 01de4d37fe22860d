namespace Forensics.Agent.Filesystems;

/// <summary>One entry of an archive, valid while it is looked at. The name is an attacker's, and raw.</summary>
internal readonly ref struct TarEntry(ReadOnlySpan<byte> name, long size, long modified)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>Bytes of content in the archive.</summary>
    public long Size { get; } = size;

    /// <summary>Nanoseconds since 1970, UTC; at the ends of the range for times beyond it.</summary>
    public long Modified { get; } = modified;
}

internal delegate void TarEntrySeen(TarEntry entry);

/// <param name="Problem">For a person; null if the archive is whole.</param>
/// <param name="IsCut">True if it ended too soon, false if it is malformed.</param>
internal sealed record TarVerdict(long Entries, string? Problem, bool IsCut);
