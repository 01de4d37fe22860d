using System.Buffers.Text;

namespace Forensics.Agent.Filesystems;

/// <summary>What PAX records and GNU long names say of the entry that follows them.</summary>
internal sealed class TarExtensions
{
    private const byte Pax = (byte)'x';
    private const byte PaxForAll = (byte)'g';
    private const byte LongName = (byte)'L';
    private const byte LongLink = (byte)'K';

    private byte[] _collected = [];
    private int _length;
    private byte[]? _path;
    private byte[]? _sparseName;

    /// <summary>Of a file whose holes are left out, the path is a made-up one, wherever it stands.</summary>
    public byte[]? Name => _sparseName ?? _path;
    public byte[]? Link { get; private set; }
    public long? Size { get; private set; }

    /// <summary>Of a file whose holes are left out: its own length.</summary>
    public long? SparseSize { get; private set; }
    public long? Uid { get; private set; }
    public long? Gid { get; private set; }

    /// <summary>Nanoseconds since 1970, as the other times.</summary>
    public long? Modified { get; private set; }
    public long? Accessed { get; private set; }
    public long? StatusChanged { get; private set; }

    public static bool Knows(byte type) => type is Pax or PaxForAll or LongName or LongLink;

    public void Begin(int length)
    {
        if (_collected.Length < length) _collected = new byte[length];
        _length = 0;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_collected.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>False if the extension is malformed.</summary>
    public bool TryEnd(byte type)
    {
        ReadOnlySpan<byte> whole = _collected.AsSpan(0, _length);
        switch (type)
        {
            case Pax:
                return TryReadRecords(whole);
            case LongName:
                _path = whole.TrimEnd((byte)0).ToArray();
                return true;
            case LongLink:
                Link = whole.TrimEnd((byte)0).ToArray();
                return true;
            default:
                // Nothing that we look at.
                return true;
        }
    }

    /// <summary>They hold for one entry only.</summary>
    public void Clear()
    {
        (_path, _sparseName, Link) = (null, null, null);
        (Size, SparseSize, Uid, Gid) = (null, null, null, null);
        (Modified, Accessed, StatusChanged) = (null, null, null);
    }

    /// <summary>Records are <c>LENGTH KEY=VALUE\n</c>; the length counts all of it.</summary>
    private bool TryReadRecords(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            if (!Utf8Parser.TryParse(records, out int length, out var digits)) return false;
            if (length <= digits + 2 || length > records.Length || records[digits] != ' ' || records[length - 1] != '\n') return false;
            var record = records[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1 || !TrySet(record[..equals], record[(equals + 1)..])) return false;
            records = records[length..];
        }

        return true;
    }

    /// <summary>False if the value is none of its kind; what we do not look at is never wrong.</summary>
    private bool TrySet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8)) _path = value.ToArray();
        else if (key.SequenceEqual("GNU.sparse.name"u8)) _sparseName = value.ToArray();
        else if (key.SequenceEqual("linkpath"u8)) Link = value.ToArray();
        else if (key.SequenceEqual("size"u8)) return (Size = Number(value)) is >= 0;
        else if (key.SequenceEqual("GNU.sparse.realsize"u8)) return (SparseSize = Number(value)) is >= 0;
        else if (key.SequenceEqual("uid"u8)) return (Uid = Number(value)) is not null;
        else if (key.SequenceEqual("gid"u8)) return (Gid = Number(value)) is not null;
        else if (key.SequenceEqual("mtime"u8)) return (Modified = Time(value)) is not null;
        else if (key.SequenceEqual("atime"u8)) return (Accessed = Time(value)) is not null;
        else if (key.SequenceEqual("ctime"u8)) return (StatusChanged = Time(value)) is not null;
        return true;
    }

    private static long? Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? number : null;

    /// <summary>Seconds, with a fraction if there is one: <c>-12.5</c> is twelve and a half seconds before 1970.</summary>
    private static long? Time(ReadOnlySpan<byte> text)
    {
        var isNegative = text.StartsWith("-"u8);
        var number = isNegative ? text[1..] : text;
        var point = number.IndexOf((byte)'.');
        var fraction = point < 0 ? [] : number[(point + 1)..];
        if (Number(point < 0 ? number : number[..point]) is not ({ } seconds and >= 0)) return null;
        if (fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return null;

        long parts = 0;
        for (var i = 0; i < 9; i++) parts = (parts * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        return isNegative ? TarHeader.ToNanoseconds(-seconds, -parts) : TarHeader.ToNanoseconds(seconds, parts);
    }
}
