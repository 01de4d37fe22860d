namespace Forensics.Agent.Filesystems.Layers;

/// <summary>What goes into an archive of a root file system.</summary>
internal sealed record ArchiveOptions
{
    /// <summary>Only what lies in the upper layer, which is what the container wrote, as that layer has it: a deleted name is a
    /// character device 0:0, and overlayfs' attributes are kept.</summary>
    public bool OnlyWritten { get; init; }

    /// <summary>Bytes of data of one file; holes do not count. Files that share their blocks can be larger than the disk.</summary>
    public long LargestFile { get; init; } = 1L << 40;

    /// <summary>Bytes of one path. The kernel sets no limit to how deep directories go; below this one nothing is read.</summary>
    public int LongestPath { get; init; } = 64 * 1024;
}
