using Forensics.Agent.Storage.S3;

namespace Forensics.Tests.Agent.Storage.S3;

[TestFixture]
internal sealed class PartSizesTests
{
    [TestCase(5 << 20)]
    [TestCase(8 << 20)]
    [TestCase(64 << 20)]
    public void The_largest_object_fits_into_ten_thousand_parts(int first)
    {
        var parts = 0;
        for (long offset = 0; offset < PartSizes.MaxObject; parts++) offset += PartSizes.At(offset, first);

        parts.Should().BeLessThanOrEqualTo(PartSizes.MaxParts);
    }

    [Test]
    public void Parts_stay_small_for_the_first_seven_gigabytes() =>
        PartSizes.At(7L << 30, 8 << 20).Should().Be(8 << 20);

    [Test]
    public void A_part_passes_64_mebibytes_only_after_sixty_gibibytes() =>
        PartSizes.At(60L << 30, 8 << 20).Should().Be(64 << 20);
}
