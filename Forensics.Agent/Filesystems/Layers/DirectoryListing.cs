using System.Buffers.Binary;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Lists an open directory piece by piece, so that one with a million names takes no more memory than one with ten.</summary>
/// <param name="pieceLength">Bytes.</param>
internal sealed class DirectoryListing(int pieceLength)
{
    // struct linux_dirent64: inode, position of the next, length of this, type, name with a zero byte.
    private const int PositionAt = 8;
    private const int LengthAt = 16;
    private const int TypeAt = 18;
    private const int NameAt = 19;

    private readonly byte[] _piece = new byte[pieceLength];
    private int _filled;
    private int _next;

    /// <summary>Where the kernel goes on: for a directory that is opened once more in the middle.</summary>
    public long Position { get; private set; }

    public void Restart() => (_filled, _next, Position) = (0, 0, 0);

    /// <returns>1 with a name, 0 at the end, or an error.</returns>
    public int TryNext(int directory, out ListedName name)
    {
        while (true)
        {
            name = default;
            if (_next >= _filled)
            {
                var read = FileCalls.List(directory, _piece);
                (_filled, _next) = (Math.Max(read, 0), 0);
                if (read <= 0) return read;
                Position = PositionAfterPiece();
            }

            var entry = _piece.AsSpan(_next);
            _next += BinaryPrimitives.ReadUInt16LittleEndian(entry[LengthAt..]);
            var text = entry[NameAt..];
            name = new ListedName(text[..(text.IndexOf((byte)0) + 1)], entry[TypeAt]);
            if (!name.IsSelfOrParent) return 1;
        }
    }

    private long PositionAfterPiece()
    {
        long position = 0;
        for (var i = 0; i < _filled; i += BinaryPrimitives.ReadUInt16LittleEndian(_piece.AsSpan(i + LengthAt)))
            position = BinaryPrimitives.ReadInt64LittleEndian(_piece.AsSpan(i + PositionAt));
        return position;
    }
}

/// <summary>A name as a directory has it, valid until the next.</summary>
/// <param name="type">DT_DIR and its like; 0 where the file system does not say.</param>
internal readonly ref struct ListedName(ReadOnlySpan<byte> text, byte type)
{
    private const byte Unknown = 0;
    private const byte Directory = 4;

    /// <summary>With its zero byte.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    public bool MayBeDirectory => type is Directory or Unknown;

    public bool IsSelfOrParent => Text is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0];
}
