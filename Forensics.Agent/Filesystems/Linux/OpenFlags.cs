using System.Runtime.InteropServices;

namespace Forensics.Agent.Filesystems.Linux;

/// <summary>Flags of <c>open</c>, as far as they are the same on every processor; the others are computed.</summary>
internal static class OpenFlags
{
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>Leaves the time of access as it is; refused (EPERM) to those who are neither owner nor CAP_FOWNER.</summary>
    public const int NoAccessTime = 0x40000;

    /// <summary>Names a file without opening it: no device wakes, no fifo waits, no right to read is asked for.</summary>
    public const int PathOnly = 0x200000;

    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>A name in a directory as it is, whatever it is.</summary>
    public static readonly int AsItIs = PathOnly | NoFollow | CloseOnExec;

    /// <summary>A directory and nothing else, to list it.</summary>
    public static readonly int ToList = Directory | NoFollow | NonBlocking | CloseOnExec | NoAccessTime;
}
