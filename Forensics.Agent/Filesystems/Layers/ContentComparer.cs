using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Compares a file of the container's own layer with the image's, byte by byte up to the first difference: whoever overwrites
/// a file can set its size and time as they were.</summary>
internal sealed class ContentComparer(UnionTree newTree, UnionTree oldTree, HeldFiles files)
{
    private const int PieceLength = 128 * 1024;
    private const int LongestLink = 4096;

    private readonly UncachedReader _reader = new();
    private readonly byte[] _one = new byte[PieceLength];
    private readonly byte[] _other = new byte[PieceLength];

    /// <param name="name">A regular file in both.</param>
    /// <returns>1 if they differ, 0 if not; or, negative, why they cannot be compared.</returns>
    public int CompareFiles(int directory, UnionDirectory oldDirectory, int oldPart, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        var one = files.OpenFile(directory, name);
        if (one < 0) return one;
        var other = FileCalls.NoDescriptor;
        try
        {
            // Its content is the image's, as overlayfs shows it.
            if (newTree.Marks!.IsMetacopy(one)) return 0;
            other = OpenOld(oldDirectory, oldPart, name);
            return other < 0 ? other : Compare(one, other, cancellationToken);
        }
        finally
        {
            FileCalls.Close(one);
            FileCalls.Close(other);
        }
    }

    /// <param name="name">A symbolic link in both.</param>
    /// <inheritdoc cref="CompareFiles"/>
    public int CompareLinks(int directory, int oldDirectory, ReadOnlySpan<byte> name)
    {
        var one = ReadLink(directory, name, _one);
        if (one < 0) return one;
        var other = ReadLink(oldDirectory, name, _other);
        if (other < 0) return other;
        return _one.AsSpan(0, one).SequenceEqual(_other.AsSpan(0, other)) ? 0 : 1;
    }

    private int OpenOld(UnionDirectory directory, int part, ReadOnlySpan<byte> name)
    {
        var content = files.OpenFile(directory[part].Descriptor, name);
        if (content < 0 || oldTree.Marks is not { } marks || !marks.IsMetacopy(content)) return content;
        var below = oldTree.OpenContentBelow(directory, part, name, content, files.OpenAndRelease);
        FileCalls.Close(content);
        return below;
    }

    private int Compare(int one, int other, CancellationToken cancellationToken)
    {
        for (long position = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            position = Math.Min(NextData(one, position), NextData(other, position));
            if (position == long.MaxValue) return 0;
            var length = Fill(one, _one, position);
            if (length < 0) return length;
            var otherLength = Fill(other, _other, position);
            if (otherLength < 0) return otherLength;
            if (!_one.AsSpan(0, length).SequenceEqual(_other.AsSpan(0, otherLength))) return 1;
            if (length == 0) return 0;
            position += length;
        }
    }

    /// <summary>Holes of both files are equal.</summary>
    private static long NextData(int file, long position)
    {
        var data = FileCalls.FindData(file, position);
        if (data >= 0) return data;
        return data == -Errno.NoSuchOffset ? long.MaxValue : position;
    }

    private int Fill(int file, Span<byte> piece, long position)
    {
        var filled = 0;
        while (filled < piece.Length)
        {
            var read = _reader.Read(file, piece[filled..], position + filled);
            if (read < 0) return read;
            if (read == 0) break;
            filled += read;
        }

        return filled;
    }

    private static int ReadLink(int directory, ReadOnlySpan<byte> name, Span<byte> target)
    {
        var held = FileCalls.Open(directory, name, OpenFlags.AsItIs);
        if (held < 0) return held;
        var length = FileCalls.ReadLink(held, target[..LongestLink]);
        FileCalls.Close(held);
        return length;
    }
}
