using System.IO.Compression;

namespace Forensics.Agent.Storage.Compressing;

internal sealed class GzipFrames : IFrameCompressor
{
    // At its fastest, zlib-ng writes some bytes in 9 bits and never stores any as they are; gzip adds a header and a trailer.
    private const int Spare = 1024;

    // The class library writes nothing at all for nothing, which gunzip calls truncated.
    private static ReadOnlySpan<byte> EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public int Bound(int length) => length + (length / 8) + Spare;

    public int Compress(ReadOnlySpan<byte> source, byte[] destination)
    {
        if (source.IsEmpty)
        {
            EmptyMember.CopyTo(destination);
            return EmptyMember.Length;
        }

        using var compressed = new MemoryStream(destination);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(source);
        return (int)compressed.Position;
    }

    public void Dispose()
    {
        // Holds nothing between frames.
    }
}
