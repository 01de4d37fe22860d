using System.Buffers;
using CsCheck;
using Forensics.Agent.Storage.S3;

namespace Forensics.Tests.Agent.Storage.S3;

[TestFixture]
internal sealed class PartTests
{
    private const int Slab = SlabPool.SlabLength;

    [Test]
    public void However_it_is_filled_and_read_its_bytes_are_the_same_each_time() =>
        Gen.Select(Gen.Int[0, 3 * Slab], Gen.Int[1000, Slab], Gen.Int[1000, Slab]).Sample(
            (length, filled, read) =>
            {
                var bytes = new byte[length];
                new Random(length).NextBytes(bytes);
                using var stream = new SequenceStream(Filled(bytes, filled).ToSequence());
                var first = ReadAll(stream, read);
                stream.Position = 0;
                return first.AsSpan().SequenceEqual(bytes) && ReadAll(stream, read).AsSpan().SequenceEqual(bytes) && stream.Length == length;
            },
            iter: 30);

    [Test]
    public async Task It_is_copied_whole_from_where_it_stands()
    {
        var bytes = new byte[Slab + 10];
        bytes[^1] = 7;
        using var stream = new SequenceStream(Filled(bytes, 1000).ToSequence()) { Position = 5 };
        using var copy = new MemoryStream();

        await stream.CopyToAsync(copy);

        copy.ToArray().AsSpan().SequenceEqual(bytes.AsSpan(5)).Should().BeTrue();
        stream.Position.Should().Be(stream.Length);
    }

    [Test]
    public void It_takes_no_more_than_its_size()
    {
        var part = new Part(10);
        part.Add(new byte[Slab]);

        part.Fill(new byte[20]).Should().Be(10);
        part.IsFull.Should().BeTrue();
        part.ToSequence().Length.Should().Be(10);
    }

    private static Part Filled(byte[] bytes, int piece)
    {
        var part = new Part(long.MaxValue);
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            if (part.NeedsSlab) part.Add(new byte[Slab]);
            rest = rest[part.Fill(rest[..Math.Min(piece, rest.Length)])..];
        }

        return part;
    }

    private static byte[] ReadAll(SequenceStream stream, int piece)
    {
        var all = new ArrayBufferWriter<byte>();
        for (var read = stream.Read(all.GetSpan(piece)[..piece]); read > 0; read = stream.Read(all.GetSpan(piece)[..piece])) all.Advance(read);
        return all.WrittenSpan.ToArray();
    }
}
