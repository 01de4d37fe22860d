using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Reads an entry's extended attributes as records of an archive: <c>SCHILY.xattr.NAME</c>, access control lists as
/// <c>SCHILY.acl.access</c> and <c>SCHILY.acl.default</c>, the keys of star that GNU tar and libarchive read.</summary>
/// <param name="marks">Null if no attribute is overlayfs' own.</param>
/// <param name="keepMarks">Whether overlayfs' attributes stay, for an archive of what one layer holds.</param>
internal sealed class AttributeReader(OverlayMarks? marks, bool keepMarks)
{
    // The kernel's own limits.
    private const int LongestList = 64 * 1024;
    private const int LongestValue = 64 * 1024;

    // What our own reader of archives takes, and with it the name and the times.
    private const int MostRecords = 512 * 1024;

    private readonly byte[] _names = new byte[LongestList];
    private readonly byte[] _value = new byte[LongestValue];
    private readonly ByteBuffer _key = new();
    private readonly ByteBuffer _text = new();

    /// <summary>Of the entry that was read last: its content lies in a layer below.</summary>
    public bool IsMetacopy { get; private set; }

    /// <returns>0, or the error that kept some of them from being read.</returns>
    public int Read(AttributeSource source, ByteBuffer records)
    {
        IsMetacopy = false;
        var length = source.List(_names);
        if (length < 0) return length is -Errno.NotSupported ? 0 : length;

        var error = 0;
        for (var names = _names.AsSpan(0, length); !names.IsEmpty; names = names[(names.IndexOf((byte)0) + 1)..])
        {
            var failed = ReadOne(source, names[..(names.IndexOf((byte)0) + 1)], records);
            if (failed < 0) error = failed;
        }

        return error;
    }

    /// <param name="name">With its zero byte.</param>
    private int ReadOne(AttributeSource source, ReadOnlySpan<byte> name, ByteBuffer records)
    {
        if (marks is not null && name.SequenceEqual(marks.Metacopy))
        {
            // The content is read from where it lies: the mark would no longer be true.
            IsMetacopy = true;
            return 0;
        }

        var shown = Shown(name[..^1]);
        if (shown.IsEmpty) return 0;
        var length = source.Get(name, _value);
        if (length < 0) return length is -Errno.NoData ? 0 : length;
        if (records.Length + shown.Length + length > MostRecords) return -Errno.TooBig;
        Add(records, shown, _value.AsSpan(0, length));
        return 0;
    }

    /// <summary>The name as the merged file system has it; empty if it shows none.</summary>
    private ReadOnlySpan<byte> Shown(ReadOnlySpan<byte> name)
    {
        if (marks is null || keepMarks || !name.StartsWith(marks.Prefix)) return name;
        // Marks that were set within an overlay are kept under a name that is longer by one "overlay.".
        var own = name[marks.Prefix.Length..];
        if (!own.StartsWith("overlay."u8)) return [];
        _key.Set(marks.Prefix);
        _key.Append(own["overlay.".Length..]);
        return _key.Span;
    }

    private void Add(ByteBuffer records, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("system.posix_acl_access"u8) && AccessList.TryToText(value, _text))
            PaxRecords.Add(records, "SCHILY.acl.access"u8, _text.Span);
        else if (name.SequenceEqual("system.posix_acl_default"u8) && AccessList.TryToText(value, _text))
            PaxRecords.Add(records, "SCHILY.acl.default"u8, _text.Span);
        else
            PaxRecords.Add(records, Key(name), value);
    }

    /// <summary>An equals sign would end the key: GNU tar writes it, and the percent sign, by their codes.</summary>
    private ReadOnlySpan<byte> Key(ReadOnlySpan<byte> name)
    {
        _text.Set("SCHILY.xattr."u8);
        foreach (var letter in name)
        {
            if (letter == '=') _text.Append("%3D"u8);
            else if (letter == '%') _text.Append("%25"u8);
            else _text.Append(letter);
        }

        return _text.Span;
    }
}
