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

    public byte[]? Name { get; private set; }
    public long? Size { get; private set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long? Modified { get; private set; }

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
                Name = whole.TrimEnd((byte)0).ToArray();
                return true;
            default:
                // Nothing that we look at.
                return true;
        }
    }

    /// <summary>They hold for one entry only.</summary>
    public void Clear() => (Name, Size, Modified) = (null, null, null);

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

    private bool TrySet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8) || key.SequenceEqual("GNU.sparse.name"u8))
        {
            Name = value.ToArray();
        }
        else if (key.SequenceEqual("size"u8))
        {
            if (!Utf8Parser.TryParse(value, out long size, out var used) || used != value.Length || size < 0) return false;
            Size = size;
        }
        else if (key.SequenceEqual("mtime"u8))
        {
            if (!TryTime(value, out var modified)) return false;
            Modified = modified;
        }

        return true;
    }

    /// <summary>Seconds, with a fraction if there is one: <c>-12.5</c> is twelve and a half seconds before 1970.</summary>
    private static bool TryTime(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        var isNegative = text.StartsWith("-"u8);
        var number = isNegative ? text[1..] : text;
        var point = number.IndexOf((byte)'.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? [] : number[(point + 1)..];
        if (!Utf8Parser.TryParse(whole, out long seconds, out var used) || used != whole.Length || seconds < 0) return false;

        long parts = 0;
        for (var i = 0; i < 9; i++) parts = (parts * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        if (fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        nanoseconds = isNegative ? TarHeader.ToNanoseconds(-seconds, -parts) : TarHeader.ToNanoseconds(seconds, parts);
        return true;
    }
}
