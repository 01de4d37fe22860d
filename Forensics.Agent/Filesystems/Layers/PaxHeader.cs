using System.Text;
using System.Text.Unicode;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Makes the header of one entry in the PAX format of POSIX.1-2017: an extension with all that has no place in the old
/// header or does not fit there, then that header. Names are bytes; those that are not UTF-8 say so.</summary>
internal sealed class PaxHeader
{
    // Readers that do not know extensions see a file of this name.
    private static readonly byte[] ExtensionName = Encoding.ASCII.GetBytes("PaxHeaders/entry");
    private static readonly byte[] SparseFolder = Encoding.ASCII.GetBytes("GNUSparseFile.0/");

    private readonly ByteBuffer _records = new(1024);
    private readonly ByteBuffer _whole = new(4096);
    private readonly ByteBuffer _shortName = new();

    /// <summary>What the entry begins with in the archive, in whole blocks.</summary>
    public ReadOnlySpan<byte> Span => _whole.Span;

    /// <param name="link">Where a link leads; empty for all else.</param>
    /// <param name="size">Bytes of content that follow.</param>
    /// <param name="sparse">The map that the content begins with; null if it is the whole content.</param>
    public void Make(byte type, ReadOnlySpan<byte> path, ReadOnlySpan<byte> link, long size, SparseMap? sparse, WalkedEntry entry)
    {
        var status = entry.Status;
        _records.Clear();
        AddNames(path, link, isSparse: sparse is not null);
        if (size > TarBlock.LargestSize) PaxRecords.Add(_records, "size"u8, size);
        if (status.UserId > TarBlock.LargestId) PaxRecords.Add(_records, "uid"u8, status.UserId);
        if (status.GroupId > TarBlock.LargestId) PaxRecords.Add(_records, "gid"u8, status.GroupId);
        PaxRecords.Add(_records, "mtime"u8, status.Modified);
        PaxRecords.Add(_records, "atime"u8, status.Accessed);
        PaxRecords.Add(_records, "ctime"u8, status.StatusChanged);
        if (sparse is not null) AddSparse(path, status.Size);
        AddFlags(status);
        _records.Append(entry.Attributes.Span);

        _whole.Clear();
        AddExtension();
        AddBlock(type, ShortName(path, sparse is not null), link, size, status);
    }

    private void AddNames(ReadOnlySpan<byte> path, ReadOnlySpan<byte> link, bool isSparse)
    {
        var tellsPath = !isSparse && IsToBeTold(path);
        var tellsLink = IsToBeTold(link);
        if ((tellsPath || isSparse) && !Utf8.IsValid(path) || tellsLink && !Utf8.IsValid(link))
            PaxRecords.Add(_records, "hdrcharset"u8, "BINARY"u8);
        if (tellsPath) PaxRecords.Add(_records, "path"u8, path);
        if (tellsLink) PaxRecords.Add(_records, "linkpath"u8, link);
    }

    /// <summary>The old header's field is for a hundred bytes of ASCII.</summary>
    private static bool IsToBeTold(ReadOnlySpan<byte> name) => name.Length > TarBlock.LongestName || !Ascii.IsValid(name);

    private void AddSparse(ReadOnlySpan<byte> path, long size)
    {
        PaxRecords.Add(_records, "GNU.sparse.major"u8, 1);
        PaxRecords.Add(_records, "GNU.sparse.minor"u8, 0);
        PaxRecords.Add(_records, "GNU.sparse.name"u8, path);
        PaxRecords.Add(_records, "GNU.sparse.realsize"u8, size);
    }

    /// <summary>Attributes of chattr that keep a file from being changed, as libarchive writes them.</summary>
    private void AddFlags(in FileStatus status)
    {
        if (status.IsImmutable || status.IsAppendOnly)
            PaxRecords.Add(_records, "SCHILY.fflags"u8, status.IsImmutable ? status.IsAppendOnly ? "schg,sappnd"u8 : "schg"u8 : "sappnd"u8);
    }

    /// <summary>Who does not know sparse files must not take the map for a file's content: the old header has another name.</summary>
    private ReadOnlySpan<byte> ShortName(ReadOnlySpan<byte> path, bool isSparse)
    {
        if (!isSparse) return path;
        _shortName.Set(SparseFolder);
        _shortName.Append(path);
        return _shortName.Span;
    }

    private void AddExtension()
    {
        var length = _records.Length;
        AddBlock(TarType.Extension, ExtensionName, default, length, default);
        _whole.Append(_records.Span);
        var padding = -length & (TarHeader.BlockLength - 1);
        _whole.GetSpan(padding)[..padding].Clear();
        _whole.Advance(padding);
    }

    private void AddBlock(byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, long size, in FileStatus status)
    {
        TarBlock.Fill(_whole.GetSpan(TarHeader.BlockLength)[..TarHeader.BlockLength], type, name, link, size, status);
        _whole.Advance(TarHeader.BlockLength);
    }
}
