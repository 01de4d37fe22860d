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

    /// <summary>Names that are remembered at once of directories that several layers have, by 16 bytes each, to tell what was listed in a
    /// layer above from what came later. Beyond it a file may come once for each layer.</summary>
    public int RememberedNames { get; init; } = 64 * 1024;

    /// <summary>The same for names of directories. Beyond it one that came later is left out, and told.</summary>
    public int RememberedDirectories { get; init; } = 256 * 1024;

    /// <summary>Called for each name that is looked at: a walk may go on for long with nothing to write.</summary>
    public Action OnName { get; init; } = static () => { };

    /// <summary>For how long files are waited for on which a process holds a lease.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
