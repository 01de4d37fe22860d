using System.Buffers;
using Forensics.Agent.Capture;
using Forensics.Agent.Capture.Roots;
using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Capture;

[TestFixture]
internal sealed class ExportCheckTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 5, 0, 0, 700, TimeSpan.Zero);

    [Test]
    public async Task A_whole_archive_with_all_that_the_diff_names_is_whole()
    {
        var findings = await CheckAsync(TestArchive.Of(("a/", ""), ("a/b", "x")), ["/a", "/a/b"]);

        findings.Should().BeEquivalentTo(new ArtifactFindings { Entries = 2 });
    }

    [Test]
    public async Task A_path_that_the_diff_names_and_the_archive_lacks_is_unreadable()
    {
        var findings = await CheckAsync(TestArchive.Of(("a/", "")), ["/a", "/a/so\u001bcket"]);

        findings.Reason.Should().Be(Reasons.EntriesMissing);
        findings.Unreadable.Should().Equal(@"/a/so\033cket");
    }

    [Test]
    public async Task A_path_that_is_gone_by_the_end_is_not_missing()
    {
        var findings = await CheckAsync(TestArchive.Of(("a/", "")), ["/a", "/a/temporary"], later: ["/a"]);

        findings.Reason.Should().BeNull();
    }

    [Test]
    public async Task If_the_runtime_does_not_say_what_is_still_there_the_archive_counts_as_partial()
    {
        var check = Checked(TestArchive.Of(("a/", "")), ["/a", "/b"]);

        var findings = await check.FinishAsync(() => throw new RuntimeException(Reasons.RuntimeFailed, "no answer"));

        findings.Reason.Should().Be(Reasons.EntriesMissing);
        findings.Message.Should().Contain("Up to 1 paths").And.Contain("no answer");
    }

    [Test]
    public async Task Files_that_changed_since_the_start_are_listed_and_leave_it_whole()
    {
        // Docker's archives have whole seconds: a change in the second of the start may have been after it.
        var archive = TestArchive.Of(
            ("old", "", Start.AddSeconds(-2)), ("same-second", "", Start.AddMilliseconds(-700)), ("new", "", Start.AddSeconds(1)));

        var findings = await CheckAsync(archive, []);

        findings.Reason.Should().BeNull();
        findings.ChangedWhileRead.Should().Equal("/same-second", "/new");
        findings.PathsInAll.Should().BeNull();
    }

    [Test]
    public async Task The_lists_are_bounded_and_say_how_many_there_are()
    {
        var archive = TestArchive.Of(Enumerable.Range(0, BoundedPaths.Most + 5).Select(i => ($"f{i}", "", Start.AddHours(1))).ToArray());

        var findings = await CheckAsync(archive, ["/missing"]);

        findings.ChangedWhileRead.Should().HaveCount(BoundedPaths.Most);
        findings.Unreadable.Should().Equal("/missing");
        findings.PathsInAll.Should().Be(BoundedPaths.Most + 6);
    }

    [Test]
    public async Task An_archive_without_its_end_is_truncated()
    {
        var findings = await CheckAsync(TestArchive.Of(("a", "content"))[..1300], ["/a"]);

        findings.Reason.Should().Be(Reasons.StreamTruncated);
    }

    [Test]
    public async Task An_archive_that_is_malformed_is_the_runtimes_failure()
    {
        var archive = TestArchive.Of(("a", "content"));
        archive[0] ^= 1;

        (await CheckAsync(archive, [])).Reason.Should().Be(Reasons.RuntimeFailed);
    }

    private static Task<ArtifactFindings> CheckAsync(byte[] archive, string[] expected, string[]? later = null) =>
        Checked(archive, expected).FinishAsync(() => Changes(later ?? expected));

    private static ExportCheck Checked(byte[] archive, string[] expected)
    {
        var paths = new ChangedPaths();
        foreach (var path in expected) paths.Add(new FileChange(ChangeKind.Added, path));
        var check = new ExportCheck(paths, Start, new Inventory(new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>()));
        check.Write(archive);
        return check;
    }

    private static async IAsyncEnumerable<FileChange> Changes(string[] paths)
    {
        await Task.CompletedTask;
        foreach (var path in paths) yield return new FileChange(ChangeKind.Added, path);
    }
}
