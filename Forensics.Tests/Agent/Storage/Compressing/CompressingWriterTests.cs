using System.IO.Compression;
using CsCheck;
using Forensics.Agent.Storage.Compressing;
using Forensics.Api;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Storage.Compressing;

[TestFixture(CompressionKind.Gzip)]
[TestFixture(CompressionKind.Zstd)]
internal sealed class CompressingWriterTests(CompressionKind compression)
{
    private const int Frame = CompressingWriter.FrameLength;
    private readonly InMemoryEvidenceStore _store = new();

    [TearDown]
    public void Clean() => _store.Objects.Clear();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(Frame)]
    [TestCase(Frame + 1)]
    [TestCase((5 * Frame) + 7)]
    public async Task What_is_stored_decompresses_to_what_was_written(int length)
    {
        var content = Content(length);

        await WriteAsync(content, Math.Max(1, content.Length / 3));

        Decompress(_store.Objects["object"]).Should().Equal(content);
    }

    [Test]
    public async Task What_does_not_compress_is_stored_all_the_same()
    {
        var content = new byte[Frame + 100];
        new Random(1).NextBytes(content);

        await WriteAsync(content, content.Length);

        Decompress(_store.Objects["object"]).Should().Equal(content);
    }

    [Test]
    public void However_it_is_cut_into_pieces_it_is_the_same() => Gen.Int[1000, 2 * Frame].Sample(
        piece =>
        {
            _store.Objects.Clear();
            var content = Content((3 * Frame) + 5);
            WriteAsync(content, piece).GetAwaiter().GetResult();
            return Decompress(_store.Objects["object"]).AsSpan().SequenceEqual(content);
        },
        iter: 5,
        threads: 1);

    [Test]
    public async Task Frames_stand_for_themselves_and_lie_in_their_order()
    {
        await WriteAsync(Content(Frame), Frame);
        var first = _store.Objects["object"];
        _store.Objects.Clear();

        await WriteAsync(Content(2 * Frame), Frame);

        _store.Objects["object"].AsSpan(0, first.Length).SequenceEqual(first).Should().BeTrue();
        Decompress(_store.Objects["object"][first.Length..]).Should().Equal(Content(2 * Frame)[Frame..]);
    }

    [Test]
    public async Task Without_a_commit_nothing_is_there()
    {
        var writer = Compressors.To(await _store.CreateAsync("object", CancellationToken.None), compression);
        await writer.WriteAsync(Content(3 * Frame), CancellationToken.None);

        await writer.DisposeAsync();

        _store.Objects.Should().BeEmpty();
    }

    /// <summary>Frames are worked on at once; one more than there are workers waits for the oldest.</summary>
    [Test]
    public async Task No_more_frames_are_under_way_than_there_are_workers()
    {
        var compressors = new List<CountingCompressor>();
        IFrameCompressor New()
        {
            compressors.Add(new CountingCompressor());
            return compressors[^1];
        }

        await using (var writer = new CompressingWriter(await _store.CreateAsync("object", CancellationToken.None), New, workers: 2))
        {
            await writer.WriteAsync(Content(20 * Frame), CancellationToken.None);
            await writer.CommitAsync(CancellationToken.None);
        }

        compressors.Should().HaveCount(3, "two are worked on while the next is filled").And.OnlyContain(compressor => compressor.IsDisposed);
        _store.Objects["object"].Should().HaveCount(20);
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++) content[i] = (byte)((i / 100) + (i / Frame));
        return content;
    }

    private async Task WriteAsync(byte[] content, int piece)
    {
        await using var writer = Compressors.To(await _store.CreateAsync("object", CancellationToken.None), compression);
        for (var at = 0; at < content.Length; at += piece)
            await writer.WriteAsync(content.AsMemory(at, Math.Min(piece, content.Length - at)), CancellationToken.None);
        await writer.CommitAsync(CancellationToken.None);
    }

    private byte[] Decompress(byte[] compressed)
    {
        using var source = new MemoryStream(compressed);
        using Stream stream = compression == CompressionKind.Gzip ? new GZipStream(source, CompressionMode.Decompress) : new ZstdSharp.DecompressionStream(source);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private sealed class CountingCompressor : IFrameCompressor
    {
        public bool IsDisposed { get; private set; }

        public int Bound(int length) => length;

        public int Compress(ReadOnlySpan<byte> source, byte[] destination)
        {
            destination[0] = 1;
            return 1;
        }

        public void Dispose() => IsDisposed = true;
    }
}
