using CsCheck;
using Forensics.Agent.Capture;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Capture;

[TestFixture]
internal sealed class ReadAheadTests
{
    [Test]
    public void Everything_comes_through_in_order() =>
        Gen.Select(Gen.Byte.Array[0, 5000], Gen.Int[1, 700].Array[1, 8]).Sample((bytes, lengths) =>
        {
            using var stream = new ChoppedStream(bytes, lengths);
            return CollectAsync(stream).Result.SequenceEqual(bytes);
        });

    [Test]
    public async Task What_came_before_an_error_comes_through_before_the_error()
    {
        var bytes = new byte[300_000];
        bytes[^1] = 7;
        await using var stream = new ChoppedStream(bytes, [50_000], new IOException("cut"));
        var received = new List<byte>();

        var read = () => CollectAsync(stream, received);

        await read.Should().ThrowAsync<IOException>().WithMessage("cut");
        received.Should().Equal(bytes);
    }

    [Test]
    public async Task Whoever_stops_listening_ends_the_reading()
    {
        await using var stream = new ChoppedStream(new byte[50 << 20], [128 * 1024]);

        await foreach (var piece in ReadAhead.ReadAsync(stream, null, CancellationToken.None))
        {
            if (!piece.IsEmpty) break;
        }

        stream.Position.Should().BeLessThan(6 << 20, "only a few MiB are read ahead");
    }

    [Test]
    public async Task A_long_stream_leaves_no_garbage_of_its_length()
    {
        const int length = 256 << 20;
        // As the daemon sends it.
        await using var stream = new ChoppedStream(new byte[length], [32 * 1024]);
        var before = GC.GetTotalAllocatedBytes();
        long read = 0;

        await foreach (var piece in ReadAhead.ReadAsync(stream, null, CancellationToken.None)) read += piece.Length;

        read.Should().Be(length);
        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(length / 4);
    }

    private static async Task<List<byte>> CollectAsync(Stream stream, List<byte>? into = null)
    {
        into ??= [];
        await foreach (var piece in ReadAhead.ReadAsync(stream, null, CancellationToken.None)) into.AddRange(piece.Span);
        return into;
    }
}
