using System.Buffers;

namespace Forensics.Agent.Filesystems;

/// <summary>Writes one entry of an archive as one line of a bodyfile, The Sleuth Kit's format 3:
/// <c>MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime</c>, whole seconds, 0 for what is not known.</summary>
internal static class BodyfileLine
{
    private const byte Separator = (byte)'|';

    public static void Write(TarEntry entry, IBufferWriter<byte> output)
    {
        output.Write("0|/"u8);
        EscapedText.Write(ArchivePath.Trim(entry.Name), output, Separator);
        if (entry.Type == TarType.SymbolicLink)
        {
            output.Write(" -> "u8);
            EscapedText.Write(entry.Link, output, Separator);
        }

        output.Write("|0|"u8);
        WriteMode(entry, output);
        Write(entry.Uid, output);
        Write(entry.Gid, output);
        Write(entry.SparseSize ?? entry.Size, output);
        WriteTime(entry.Accessed, output);
        WriteTime(entry.Modified, output);
        WriteTime(entry.StatusChanged, output);
        output.Write("|0\n"u8);
    }

    /// <summary>As <c>r/rrwxr-xr-x</c>: TSK has the type once from the directory and once from the inode.</summary>
    private static void WriteMode(TarEntry entry, IBufferWriter<byte> output)
    {
        var type = TypeOf(entry.Type);
        var mode = entry.Mode;
        output.Write(
        [
            type, (byte)'/', type,
            Bit(mode, 8, 'r'), Bit(mode, 7, 'w'), Execute(mode, 6, 11, 's', 'S'),
            Bit(mode, 5, 'r'), Bit(mode, 4, 'w'), Execute(mode, 3, 10, 's', 'S'),
            Bit(mode, 2, 'r'), Bit(mode, 1, 'w'), Execute(mode, 0, 9, 't', 'T'),
        ]);
    }

    private static byte Bit(int mode, int bit, char letter) => (byte)((mode >> bit & 1) != 0 ? letter : '-');

    private static byte Execute(int mode, int bit, int special, char both, char specialAlone) => (mode >> bit & 1, mode >> special & 1) switch
    {
        (0, 0) => (byte)'-',
        (_, 0) => (byte)'x',
        (0, _) => (byte)specialAlone,
        _ => (byte)both,
    };

    private static byte TypeOf(byte type) => type switch
    {
        TarType.SymbolicLink => (byte)'l',
        TarType.CharacterDevice => (byte)'c',
        TarType.BlockDevice => (byte)'b',
        TarType.Directory => (byte)'d',
        TarType.Fifo => (byte)'p',
        _ => (byte)'r',
    };

    private static void Write(long number, IBufferWriter<byte> output)
    {
        output.Write("|"u8);
        output.WriteDecimal(number);
    }

    private static void WriteTime(long? nanoseconds, IBufferWriter<byte> output) =>
        Write(TarHeader.FromNanoseconds(nanoseconds ?? 0).Seconds, output);
}
