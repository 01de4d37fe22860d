using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class DestinationPolicyTests
{
    [TestCase("cases", "s3://cases/forensics")]
    [TestCase("s3://cases", "s3://cases/forensics")]
    [TestCase("cases/", "s3://cases/a/b")]
    [TestCase("cases/red", "s3://cases/red/b")]
    [TestCase("cases/*/evidence", "s3://cases/red/evidence/b")]
    [TestCase("cases-*", "s3://cases-eu-west-1/a")]
    [TestCase("*", "s3://anything/a")]
    [TestCase("cases/te*m*s", "s3://cases/team-reds")]
    public void A_pattern_allows_what_begins_with_its_whole_segments(string pattern, string destination) =>
        Allows(destination, pattern).Should().BeTrue();

    [TestCase("cases", "s3://cases-of-mallory/forensics")]
    [TestCase("cases", "s3://my-cases/forensics")]
    [TestCase("cases/red", "s3://cases/reddish")]
    [TestCase("cases/red", "s3://cases")]
    [TestCase("cases/*", "s3://cases")]
    [TestCase("cases/*/evidence", "s3://cases/a/b/evidence")]
    [TestCase("cas.s", "s3://cases/a")]
    [TestCase("CASES", "s3://cases/a")]
    [TestCase("", "s3://cases/a")]
    [TestCase("s3://", "s3://cases/a")]
    [TestCase("/", "s3://cases/a")]
    public void A_pattern_allows_nothing_else(string pattern, string destination) =>
        Allows(destination, pattern).Should().BeFalse();

    [Test]
    public void One_pattern_of_several_is_enough() => Allows("s3://blue/c", "red", "blue").Should().BeTrue();

    [Test]
    public void No_pattern_allows_everything() => Allows("s3://anywhere/at/all").Should().BeTrue();

    private static bool Allows(string destination, params string[] patterns)
    {
        Destination.TryParse(destination, "/", out var parsed, out var error).Should().BeTrue(error);
        return DestinationPolicy.Allows(patterns, parsed!);
    }
}
