using System.Buffers;
using Forensics.Agent.Filesystems;
using Forensics.Local;
using Forensics.Tests.Fakes;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems;

/// <summary>The Sleuth Kit's own mactime makes a timeline of our bodyfile.</summary>
[Category("Cluster")]
public sealed class MactimeTests
{
    [Test]
    public async Task A_timeline_has_every_entry_at_its_time_with_its_name_mode_and_owner()
    {
        var archive = TestArchive.Of(("etc/", "", TestArchive.LongAgo), ("etc/pass|wd", "root", TestArchive.LongAgo.AddSeconds(1)), ("new\nline", "", TestArchive.LongAgo.AddDays(1)));
        using var folder = new TemporaryFolder();
        var bodyfile = Path.Combine(folder.Path, "bodyfile.txt");
        await File.WriteAllBytesAsync(bodyfile, BodyfileOf(archive));

        var timeline = await Command.RunAsync(
            new CommandLine("/usr/bin/perl", new TestPrograms(LocalPaths.FromEnvironment()).Mactime, "-b", bodyfile, "-d", "-y", "-z", "UTC", "2020-01-01..2020-01-03"),
            CancellationToken.None);

        timeline.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Should().Equal(
            "2020-01-01T00:00:00Z,0,m...,d/drwxr-xr-x,0,0,0,\"/etc\"",
            "2020-01-01T00:00:01Z,4,m...,r/rrw-r--r--,0,0,0,\"/etc/pass\\174wd\"",
            "2020-01-02T00:00:00Z,0,m...,r/rrw-r--r--,0,0,0,\"/new\\012line\"");
    }

    private static byte[] BodyfileOf(byte[] archive)
    {
        var (lines, bodyfile) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        using var inventory = new Inventory(lines, bodyfile);
        var check = new Forensics.Agent.Capture.ExportCheck(null, DateTimeOffset.UnixEpoch, inventory);
        check.Write(archive);
        return bodyfile.WrittenSpan.ToArray();
    }
}
