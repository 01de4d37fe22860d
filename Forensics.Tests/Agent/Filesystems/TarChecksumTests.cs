using Forensics.Agent.Filesystems;

namespace Forensics.Tests.Agent.Filesystems;

internal sealed class TarChecksumTests
{
    private const int Spaces = 8 * ' ';

    [Test]
    public void It_is_the_sum_of_all_bytes_but_its_own_field()
    {
        var block = new byte[512];
        block.AsSpan().Fill(0xFF);

        TarChecksum.Of(block).Should().Be((504 * 255) + Spaces);
        TarChecksum.OfSigned(block).Should().Be(-504 + Spaces);
    }

    [Test]
    public void Every_byte_counts_once()
    {
        for (var at = 0; at < 512; at++)
        {
            var block = new byte[512];
            block[at] = 0x81;
            var isItsOwn = at is >= 148 and < 156;

            TarChecksum.Of(block).Should().Be(Spaces + (isItsOwn ? 0 : 0x81), $"byte {at}");
            TarChecksum.OfSigned(block).Should().Be(Spaces + (isItsOwn ? 0 : 0x81 - 256), $"byte {at}");
        }
    }
}
