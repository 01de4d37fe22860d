using Forensics.Agent.Filesystems;

namespace Forensics.Tests.Agent.Filesystems;

[TestFixture]
internal sealed class PathSetTests
{
    [TestCase("/etc/passwd", "etc/passwd")]
    [TestCase("/etc", "etc/")]
    [TestCase("/etc", "./etc/")]
    [TestCase("/ü", "ü")]
    public void A_diffs_path_and_an_archives_name_are_the_same_path(string diff, string archive)
    {
        var paths = new PathSet();
        paths.Add(diff);

        paths.Remove(System.Text.Encoding.UTF8.GetBytes(archive)).Should().BeTrue();
        paths.Count.Should().Be(0);
    }

    [Test]
    public void A_name_that_is_not_utf8_matches_as_the_daemons_json_has_it()
    {
        var paths = new PathSet();
        paths.Add("/a\uFFFD\uFFFDb");

        paths.Remove([(byte)'a', 0xE2, 0x82, (byte)'b']).Should().BeTrue();
    }

    [Test]
    public void Another_path_stays()
    {
        var paths = new PathSet();
        paths.Add("/a");

        paths.Remove("b"u8).Should().BeFalse();
        paths.Contains("/a").Should().BeTrue();
    }
}
