using Forensics.Local;

namespace Forensics.Tests.Local.Images;

internal sealed class ProgramPublishingTests
{
    [TestCase("linux/amd64", "linux-x64")]
    [TestCase("linux/arm64", "linux-arm64")]
    [TestCase("linux/arm64/v8", "linux-arm64")]
    public void A_platform_has_a_runtime(string platform, string runtime) => ProgramPublishing.RuntimeOf(platform).Should().Be(runtime);

    [Test]
    public void Without_a_platform_it_is_the_machines_own() => ProgramPublishing.RuntimeOf(null).Should().StartWith("linux-");

    [Test]
    public void A_platform_that_the_programs_are_not_made_for_is_refused_with_those_that_they_are()
    {
        var asking = () => ProgramPublishing.RuntimeOf("windows/amd64");

        asking.Should().Throw<UsageException>().WithMessage("*windows/amd64*linux/amd64 and linux/arm64*");
    }
}
