using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class ByteSizeTests
{
    [TestCase(0, "0 B")]
    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1.0 KiB")]
    [TestCase(1288490189, "1.2 GiB")]
    [TestCase(long.MaxValue, "8.0 EiB")]
    public void Bytes_are_worded_for_people(long bytes, string expected) => ByteSize.Text(bytes).Should().Be(expected);
}
