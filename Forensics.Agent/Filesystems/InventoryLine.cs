using System.Buffers;
using System.Globalization;
using Forensics.Agent.Runtimes;

namespace Forensics.Agent.Filesystems;

/// <summary>Writes one entry of an archive as one line of JSON. What a field means is in docs/evidence.md.</summary>
internal sealed class InventoryLine(IBufferWriter<byte> output)
{
    private readonly JsonText _text = new(output);

    public void Begin(TarEntry entry, ChangeKind? change)
    {
        output.Write("{\"path\":"u8);
        _text.Write(ArchivePath.Trim(entry.Name), slash: true);
        output.Write(",\"type\":\""u8);
        output.Write(TypeOf(entry.Type));
        output.Write("\",\"mode\":\""u8);
        output.WriteOctal(entry.Mode, 4);
        output.Write("\",\"uid\":"u8);
        output.WriteDecimal(entry.Uid);
        output.Write(",\"gid\":"u8);
        output.WriteDecimal(entry.Gid);
        output.Write(",\"size\":"u8);
        output.WriteDecimal(entry.SparseSize ?? entry.Size);
        if (entry.SparseSize is not null) output.Write(",\"sparse\":true"u8);
        WriteTime(",\"mtime\":\""u8, entry.Modified);
        WriteTime(",\"atime\":\""u8, entry.Accessed);
        WriteTime(",\"ctime\":\""u8, entry.StatusChanged);
        if (!entry.Link.IsEmpty)
        {
            output.Write(",\"link\":"u8);
            var isPath = entry.Type == TarType.HardLink;
            _text.Write(isPath ? ArchivePath.Trim(entry.Link) : entry.Link, slash: isPath);
        }

        if (change is not null) output.Write(change == ChangeKind.Added ? ",\"diff\":\"A\""u8 : ",\"diff\":\"C\""u8);
    }

    /// <param name="sha256">Of the content; empty if the entry has none by its nature.</param>
    public void End(ReadOnlySpan<byte> sha256)
    {
        if (!sha256.IsEmpty)
        {
            output.Write(",\"sha256\":\""u8);
            output.WriteHex(sha256);
            output.Write("\""u8);
        }

        output.Write("}\n"u8);
    }

    /// <summary>The archive ends within the entry.</summary>
    public void BreakOff() => output.Write(",\"cut\":true}\n"u8);

    private static ReadOnlySpan<byte> TypeOf(byte type) => type switch
    {
        TarType.HardLink => "hardlink"u8,
        TarType.SymbolicLink => "symlink"u8,
        TarType.CharacterDevice => "chardev"u8,
        TarType.BlockDevice => "blockdev"u8,
        TarType.Directory => "directory"u8,
        TarType.Fifo => "fifo"u8,
        _ => "file"u8,
    };

    /// <summary>RFC 3339 with as many digits as a file system keeps.</summary>
    private void WriteTime(ReadOnlySpan<byte> field, long? nanoseconds)
    {
        if (nanoseconds is not { } time) return;
        var (seconds, fraction) = TarHeader.FromNanoseconds(time);
        output.Write(field);
        DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.TryFormat(
            output.GetSpan(32), out var written, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write("."u8);
        output.WriteDecimal(fraction, "D9");
        output.Write("Z\""u8);
    }
}
