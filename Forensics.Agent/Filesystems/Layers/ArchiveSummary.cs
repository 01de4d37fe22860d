namespace Forensics.Agent.Filesystems.Layers;

/// <summary>What became of every entry that was met: each is in exactly one of Captured, Partial, Failed, Skipped and Vanished.</summary>
/// <param name="Captured">In the archive, whole.</param>
/// <param name="Partial">In the archive, with something missing.</param>
/// <param name="Failed">Not in the archive: could not be read, or was too large.</param>
/// <param name="Skipped">Not in the archive by rule.</param>
/// <param name="Vanished">Listed, and gone when it was to be read.</param>
/// <param name="Bytes">Length of the archive.</param>
internal sealed record ArchiveSummary(long Captured, long Partial, long Failed, long Skipped, long Vanished, long Bytes)
{
    /// <summary>Entries in the archive.</summary>
    public long Entries => Captured + Partial;
}
