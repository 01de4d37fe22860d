using System.Text;
using CsCheck;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Tests.Agent.Filesystems.Layers;

[TestFixture]
internal sealed class PaxRecordsTests
{
    [Test]
    public void A_records_length_counts_itself()
    {
        Gen.Int[0, 1200].Sample(length =>
        {
            var records = new ByteBuffer();
            PaxRecords.Add(records, "path"u8, Encoding.ASCII.GetBytes(new string('x', length)));
            return records.Span.StartsWith(Encoding.ASCII.GetBytes($"{records.Length} path=x"[..Math.Min(records.Length, $"{records.Length} path=".Length)]))
                && records.Span[^1] == '\n';
        });
    }

    [TestCase(0, 0u, "0")]
    [TestCase(1, 5u, "1.000000005")]
    [TestCase(-1, 0u, "-1")]
    [TestCase(-1, 500_000_000u, "-0.500000000")]
    [TestCase(-2, 500_000_000u, "-1.500000000")]
    [TestCase(-2, 999_999_999u, "-1.000000001")]
    [TestCase(253_402_300_800, 1u, "253402300800.000000001")]
    public void Times_before_1970_count_backwards(long seconds, uint nanoseconds, string text)
    {
        var records = new ByteBuffer();
        PaxRecords.Add(records, "mtime"u8, new FileTime(seconds, nanoseconds));

        Encoding.ASCII.GetString(records.Span).Should().Be($"{text.Length + 10} mtime={text}\n");
    }

    [Test]
    public void Our_own_reader_reads_every_time_that_we_write()
    {
        Gen.Select(Gen.Long[-8_000_000_000, 8_000_000_000], Gen.UInt[0, 999_999_999]).Sample((seconds, nanoseconds) =>
        {
            var records = new ByteBuffer();
            PaxRecords.Add(records, "mtime"u8, new FileTime(seconds, nanoseconds));
            var reader = new TarExtensions();
            reader.Begin(records.Length);
            reader.Append(records.Span);
            return reader.TryEnd((byte)'x') && reader.Modified == (seconds * TarHeader.NanosecondsPerSecond) + nanoseconds;
        });
    }
}
