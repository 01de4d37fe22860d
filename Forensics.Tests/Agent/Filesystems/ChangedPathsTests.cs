using System.Text;
using CsCheck;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;

namespace Forensics.Tests.Agent.Filesystems;

[TestFixture]
internal sealed class ChangedPathsTests
{
    [TestCase("/etc/passwd", "etc/passwd")]
    [TestCase("/etc", "etc/")]
    [TestCase("/etc", "./etc/")]
    [TestCase("/", "./")]
    [TestCase("/ü", "ü")]
    public void A_diffs_path_and_an_archives_name_are_the_same_path(string diff, string archive)
    {
        var paths = Of(diff);

        paths.See(Encoding.UTF8.GetBytes(archive)).Should().Be(ChangeKind.Added);
        paths.Unseen.Should().Be(0);
    }

    [Test]
    public void A_name_that_is_not_utf8_matches_as_the_daemons_json_has_it() =>
        Of("/a\uFFFD\uFFFDb").See([(byte)'a', 0xE2, 0x82, (byte)'b']).Should().Be(ChangeKind.Added);

    [Test]
    public void Another_path_stays()
    {
        var paths = Of("/a");

        paths.See("b"u8).Should().BeNull();
        paths.IsUnseen("/a").Should().BeTrue();
    }

    [Test]
    public void A_path_keeps_its_kind_and_is_counted_once_however_often_it_is_seen()
    {
        var paths = Of("/a");
        paths.Add(new FileChange(ChangeKind.Changed, "/b"));
        paths.Add(new FileChange(ChangeKind.Changed, "/b"));

        paths.See("b"u8).Should().Be(ChangeKind.Changed);
        paths.See("b"u8).Should().Be(ChangeKind.Changed);
        paths.Unseen.Should().Be(1);
    }

    [Test]
    public void However_many_there_are_each_is_found() =>
        Gen.Int[0, 100_000].HashSet[0, 5000].Sample(
            numbers =>
            {
                var paths = Of([.. numbers.Select(number => $"/{number}")]);
                return numbers.All(number => paths.See(Encoding.UTF8.GetBytes($"{number}")) == ChangeKind.Added) && paths.Unseen == 0;
            },
            iter: 20);

    [Test]
    public void Of_too_many_the_first_are_kept_and_the_others_counted()
    {
        var paths = new ChangedPaths(new MarkBudget(2));
        foreach (var path in new[] { "/a", "/b", "/c", "/a", "/d" }) paths.Add(new FileChange(ChangeKind.Added, path));

        paths.See("b"u8).Should().Be(ChangeKind.Added);
        paths.See("c"u8).Should().BeNull();
        paths.Dropped.Should().Be(2);
        paths.Unseen.Should().Be(1);
    }

    [Test]
    public void What_one_container_has_marked_another_cannot_until_it_has_served()
    {
        var marks = new MarkBudget(3);
        var (one, other, third) = (new ChangedPaths(marks), new ChangedPaths(marks), new ChangedPaths(marks));
        foreach (var path in new[] { "/a", "/b" }) one.Add(new FileChange(ChangeKind.Added, path));
        foreach (var path in new[] { "/a", "/b" }) other.Add(new FileChange(ChangeKind.Added, path));
        (one.Dropped, other.Dropped, marks.Left).Should().Be((0, 1, 0));

        one.Release();
        foreach (var path in new[] { "/a", "/b", "/c" }) third.Add(new FileChange(ChangeKind.Added, path));

        (one.Unseen, one.See("a"u8)).Should().Be((0, null));
        (third.Dropped, other.See("a"u8)).Should().Be((1, ChangeKind.Added));
    }

    /// <summary>Eight bytes a path, in slots of which a quarter stays empty.</summary>
    [Test]
    public void As_many_as_are_kept_fill_their_memory_and_no_more_is_taken()
    {
        var paths = new ChangedPaths();
        Span<byte> path = [(byte)'a', 0, 0, 0, (byte)'z'];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < MarkBudget.Most + 10; i++)
        {
            for (var digit = 0; digit < 3; digit++) path[1 + digit] = (byte)((i >> (7 * digit)) & 0x7F);
            paths.Add(ChangeKind.Added, path);
        }

        // All sizes that it grew through together.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(33 << 20);
    }

    private static ChangedPaths Of(params string[] added)
    {
        var paths = new ChangedPaths();
        foreach (var path in added) paths.Add(new FileChange(ChangeKind.Added, path));
        return paths;
    }
}
