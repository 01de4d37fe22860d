using System.Security.Cryptography;

namespace Forensics.Agent.Filesystems;

/// <summary>Hashes the content of a file with holes as a reader of the file would see it, from the form that an archive has for it
/// (GNU's format 1.0): a map of its data, in lines of decimal numbers up to a whole block, and then the data.</summary>
/// <param name="mostZerosInAll">Bytes of holes that are hashed, of all files together: files with holes take no room, and so there may be
/// as many as their maker likes.</param>
/// <param name="cancellationToken">Holes take their time.</param>
internal sealed class SparseContent(IncrementalHash hash, long mostZerosInAll, CancellationToken cancellationToken)
{
    /// <summary>Ten seconds or so, on a processor that has instructions for SHA-256.</summary>
    public const long MostZerosInAll = 16L << 30;

    // In one hole.
    private const long MostZeros = 8L << 30;
    private const int MostExtents = 1 << 20;
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly List<long> _map = [];
    private long _realSize;
    private long _taken;
    private long _number;
    private bool _mapIsRead;
    private int _extent;

    /// <summary>Of the file, until where it is hashed.</summary>
    private long _position;
    private bool _isSound;
    private long _zerosLeft = mostZerosInAll;

    public void Begin(long realSize)
    {
        _map.Clear();
        (_realSize, _taken, _number, _position, _extent) = (realSize, 0, 0, 0, 0);
        (_mapIsRead, _isSound) = (false, true);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _isSound)
        {
            var taken = _mapIsRead ? TakeData(bytes) : TakeMap(bytes);
            bytes = bytes[taken..];
            _taken += taken;
        }
    }

    /// <summary>False if there is no hash: the map is none, or the holes are too large to be hashed.</summary>
    public bool TryEnd()
    {
        _isSound = _isSound && MapHasAllNumbers && TryHashZeros(_realSize);
        return _isSound;
    }

    private int TakeMap(ReadOnlySpan<byte> bytes)
    {
        if (MapHasAllNumbers)
        {
            // The rest of the block is nothing.
            var padding = (int)Math.Min(bytes.Length, -_taken & (TarHeader.BlockLength - 1));
            _mapIsRead = padding < bytes.Length || ((_taken + padding) & (TarHeader.BlockLength - 1)) == 0;
            return padding;
        }

        var digit = bytes[0] - '0';
        if (bytes[0] == '\n') (_number, _isSound) = (0, TryAdd(_number));
        else if (digit is >= 0 and <= 9 && _number < long.MaxValue / 10) _number = (_number * 10) + digit;
        else _isSound = false;
        return 1;
    }

    private bool MapHasAllNumbers => _map.Count > 0 && _map.Count == 1 + (2 * _map[0]);

    private bool TryAdd(long number)
    {
        _map.Add(number);
        return _map[0] <= MostExtents;
    }

    private int TakeData(ReadOnlySpan<byte> bytes)
    {
        while (_extent < _map[0])
        {
            var (start, length) = (_map[1 + (2 * _extent)], _map[2 + (2 * _extent)]);
            var left = start + length - Math.Max(_position, start);
            if (length == 0 || left <= 0)
            {
                _extent++;
                continue;
            }

            if (length > _realSize - start || !TryHashZeros(start)) break;
            var taken = (int)Math.Min(left, bytes.Length);
            hash.AppendData(bytes[..taken]);
            _position += taken;
            return taken;
        }

        _isSound = false; // More data than the map has, or a map that cannot be.
        return bytes.Length;
    }

    private bool TryHashZeros(long until)
    {
        var zeros = Math.Max(until - _position, 0);
        if (zeros > Math.Min(MostZeros, _zerosLeft)) return false;
        _zerosLeft -= zeros;
        while (_position < until)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = (int)Math.Min(until - _position, Zeros.Length);
            hash.AppendData(Zeros.AsSpan(0, length));
            _position += length;
        }

        return true;
    }
}
