namespace Forensics.Agent.Filesystems;

/// <summary>What an entry of a tar archive is, by the letter in its header: POSIX's, for who writes one and for who reads one.</summary>
internal static class TarType
{
    public const byte Regular = (byte)'0';
    public const byte HardLink = (byte)'1';
    public const byte SymbolicLink = (byte)'2';
    public const byte CharacterDevice = (byte)'3';
    public const byte BlockDevice = (byte)'4';
    public const byte Directory = (byte)'5';
    public const byte Fifo = (byte)'6';

    /// <summary>No entry, but what its header has no room for.</summary>
    public const byte Extension = (byte)'x';

    /// <summary>Any letter that is not known is a file.</summary>
    public static bool HasContent(byte type) => type is not (>= HardLink and <= Fifo);
}
