using System.Runtime.InteropServices;

namespace Forensics.Agent.Filesystems.Linux;

/// <summary>The kernel's <c>struct statx</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct FileStatus
{
    private const ushort TypeMask = 0xF000;
    private const ulong ImmutableAttribute = 0x10;
    private const ulong AppendAttribute = 0x20;
    private const ulong MountRootAttribute = 0x2000;
    private const uint BirthMask = 0x800;

    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint Links;
    public uint UserId;
    public uint GroupId;
    public ushort TypeAndMode;
    private readonly ushort _spare;
    public ulong Inode;
    public long Size;

    /// <summary>Of 512 bytes each.</summary>
    public long Blocks;
    public ulong AttributesMask;
    public FileTime Accessed;
    public FileTime Born;
    public FileTime StatusChanged;
    public FileTime Modified;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public uint FileSystemMajor;
    public uint FileSystemMinor;

    public readonly FileType Type => (FileType)(TypeAndMode & TypeMask);

    /// <summary>Permissions with the set-id and sticky bits.</summary>
    public readonly int Mode => TypeAndMode & 0xFFF;

    public readonly ulong FileSystem => ((ulong)FileSystemMajor << 32) | FileSystemMinor;

    /// <summary>False where the file system does not keep when a file was made.</summary>
    public readonly bool HasBirth => (Mask & BirthMask) != 0;

    public readonly bool IsImmutable => (Attributes & ImmutableAttribute) != 0;

    public readonly bool IsAppendOnly => (Attributes & AppendAttribute) != 0;

    public readonly bool IsMountRoot => (Attributes & MountRootAttribute) != 0;

    /// <summary>Overlayfs' mark of a deleted name.</summary>
    public readonly bool IsWhiteout => Type == FileType.CharacterDevice && (DeviceMajor | DeviceMinor) == 0;

    public readonly bool IsSameFileAs(in FileStatus other) => Inode == other.Inode && FileSystem == other.FileSystem;

    /// <summary>False if the content may have changed between the two looks, or anything else of the file did.</summary>
    public readonly bool IsUnchangedSince(in FileStatus earlier) =>
        Size == earlier.Size && Modified == earlier.Modified && StatusChanged == earlier.StatusChanged;
}

/// <summary>The kernel's <c>struct statx_timestamp</c>.</summary>
/// <param name="Seconds">Since 1970, negative before.</param>
/// <param name="Nanoseconds">0 to 999,999,999, forward from the second.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    private readonly int _spare;

    public static FileTime Of(DateTimeOffset time) => new(
        time.ToUnixTimeSeconds(), (uint)(time.UtcTicks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));

    public bool IsAfter(FileTime other) => Seconds > other.Seconds || (Seconds == other.Seconds && Nanoseconds > other.Nanoseconds);
}

/// <summary>As in <c>st_mode</c>.</summary>
internal enum FileType
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}
