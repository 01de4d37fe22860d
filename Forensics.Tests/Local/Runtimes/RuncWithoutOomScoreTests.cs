using Forensics.Local;

namespace Forensics.Tests.Local.Runtimes;

public sealed class RuncWithoutOomScoreTests
{
    [TestCase("000001ffffffffff", true)]
    [TestCase("000001fffeffffff", false)]
    public void The_capability_is_read_from_the_mask(string mask, bool expected) =>
        RuncWithoutOomScore.HasCapability($"Name:\tx\nCapPrm:\t0000000000000000\nCapEff:\t{mask}\n", capability: 24).Should().Be(expected);
}
