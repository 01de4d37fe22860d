using System.Buffers.Text;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Where a file has data, and its form in an archive: GNU's sparse format 1.0, a list of numbers before the data.</summary>
/// <remarks>The list is bounded, since whoever wrote the file chose how many pieces it has: if there are more, the smallest holes
/// count as data. How much is filled so is bounded as well: beyond that the list ends, and with it what is in the archive.</remarks>
internal sealed class SparseMap
{
    private const int MostExtents = 16 * 1024;
    private const long MostFilled = 1L << 30;

    private readonly List<(long Offset, long Length)> _extents = [];
    private readonly ByteBuffer _text = new();
    private long _filled;

    public IReadOnlyList<(long Offset, long Length)> Extents => _extents;

    public long DataLength { get; private set; }

    /// <summary>Where the list was ended though data follows; the file's size if it has all.</summary>
    public long MappedLength { get; private set; }

    /// <summary>The list as it comes before the data, padded to whole blocks.</summary>
    public ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>True if the file has holes below its size; false if it is best read as a whole.</summary>
    public bool TryRead(int descriptor, long size)
    {
        _extents.Clear();
        (_filled, MappedLength) = (0, size);
        for (long position = 0; position < size;)
        {
            var data = FileCalls.FindData(descriptor, position);
            if (data is -Errno.NoSuchOffset || data >= size) break;
            var hole = data < 0 ? data : FileCalls.FindHole(descriptor, data);
            // Where the file system cannot say, all is data.
            if (hole < 0) return false;
            if (_extents.Count >= MostExtents && !TryFillSmallHoles())
            {
                MappedLength = End(_extents[^1]);
                break;
            }

            position = Math.Min(hole, size);
            Add(data, position - data);
        }

        DataLength = 0;
        foreach (var (_, length) in _extents) DataLength += length;
        if (DataLength >= size) return false;
        WriteText(size);
        return true;
    }

    private void Add(long offset, long length)
    {
        if (length <= 0) return;
        if (_extents.Count > 0 && offset == End(_extents[^1])) _extents[^1] = (_extents[^1].Offset, _extents[^1].Length + length);
        else _extents.Add((offset, length));
    }

    /// <summary>Fills the smaller half of the holes.</summary>
    /// <returns>False, and nothing is filled, if that is too much.</returns>
    private bool TryFillSmallHoles()
    {
        var sizes = new long[_extents.Count - 1];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = HoleBefore(i + 1);
        Array.Sort(sizes);
        var half = sizes.AsSpan(0, sizes.Length / 2);
        var sum = _filled;
        foreach (var size in half) sum += size;
        if (sum > MostFilled) return false;
        _filled = sum;
        // Of those that are as large as the largest one to fill, only so many as are in that half.
        FillHoles(half[^1], half.Length - half.IndexOf(half[^1]));
        return true;
    }

    /// <summary>Fills all holes that are smaller, and some that are as large.</summary>
    private void FillHoles(long largest, int asLarge)
    {
        var kept = 0;
        for (var i = 1; i < _extents.Count; i++)
        {
            var hole = _extents[i].Offset - End(_extents[kept]);
            if (hole < largest || (hole == largest && asLarge-- > 0))
                _extents[kept] = (_extents[kept].Offset, End(_extents[i]) - _extents[kept].Offset);
            else
                _extents[++kept] = _extents[i];
        }

        _extents.RemoveRange(kept + 1, _extents.Count - kept - 1);
    }

    private long HoleBefore(int extent) => _extents[extent].Offset - End(_extents[extent - 1]);

    private void WriteText(long size)
    {
        _text.Clear();
        // A hole at the end shows as an empty piece there.
        var endsInHole = _extents.Count == 0 || End(_extents[^1]) < size;
        AppendLine(_extents.Count + (endsInHole ? 1 : 0));
        foreach (var (offset, length) in _extents)
        {
            AppendLine(offset);
            AppendLine(length);
        }

        if (endsInHole)
        {
            AppendLine(size);
            AppendLine(0);
        }

        while (_text.Length % TarHeader.BlockLength != 0) _text.Append(0);
    }

    private void AppendLine(long number)
    {
        Utf8Formatter.TryFormat(number, _text.GetSpan(20), out var digits);
        _text.Advance(digits);
        _text.Append((byte)'\n');
    }

    private static long End((long Offset, long Length) extent) => extent.Offset + extent.Length;
}
