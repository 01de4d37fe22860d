using Forensics.Agent.Storage.S3;

namespace Forensics.Tests.Agent.Storage.S3;

[TestFixture]
internal sealed class PartSizesTests
{
    private const long MiB = 1 << 20;
    private const long GiB = 1 << 30;

    [TestCase(5)]
    [TestCase(8)]
    [TestCase(64)]
    public void The_largest_object_fits_into_ten_thousand_parts_none_larger_than_S3_takes(int first)
    {
        var (parts, largest) = (0, 0L);
        for (long offset = 0; offset < PartSizes.MaxObject; offset += PartSizes.Of(parts, offset, first * MiB))
            largest = Math.Max(largest, PartSizes.Of(++parts, offset, first * MiB));

        parts.Should().BeLessThanOrEqualTo(PartSizes.MaxParts);
        largest.Should().BeLessThanOrEqualTo(5 * GiB);
    }

    [TestCase(7, 8)]
    [TestCase(70, 16)]
    [TestCase(100, 98)]
    public void Parts_stay_small_for_as_long_as_the_numbers_allow(int gibibytes, int mebibytes)
    {
        var (size, number) = (0L, 0);
        for (long offset = 0; offset < gibibytes * GiB; offset += size) size = PartSizes.Of(++number, offset, 8 * MiB);

        (size / MiB).Should().BeInRange(mebibytes - 1, mebibytes + 1);
    }
}
