using System.Text;
using Forensics.Agent.Capture.Roots;

namespace Forensics.Tests.Agent.Capture.Roots;

[TestFixture]
internal sealed class BoundedPathsTests
{
    [Test]
    public void A_thousand_paths_are_kept_and_all_are_counted()
    {
        var paths = new BoundedPaths();

        for (var i = 0; i < 1500; i++) paths.Add(Encoding.ASCII.GetBytes($"dir/{i}"));

        paths.Paths.Should().HaveCount(1000).And.StartWith("/dir/0").And.EndWith("/dir/999");
        paths.Count.Should().Be(1500);
        paths.IsCut.Should().BeTrue();
    }

    /// <summary>Each byte that is no text takes four characters.</summary>
    [Test]
    public void Long_paths_are_kept_as_far_as_there_is_room_and_all_are_counted()
    {
        var paths = new BoundedPaths();
        var longest = Enumerable.Repeat((byte)0xFF, 64 * 1024).ToArray();

        for (var i = 0; i < 900; i++) paths.Add(longest);
        paths.Add("short"u8);

        paths.Paths.Sum(path => path.Length).Should().BeLessThanOrEqualTo(256 * 1024);
        paths.Paths.Should().Contain("/short");
        paths.Count.Should().Be(901);
        paths.IsCut.Should().BeTrue();
    }
}
