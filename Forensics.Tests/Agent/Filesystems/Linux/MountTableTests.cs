using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Tests.Agent.Filesystems.Linux;

/// <summary>Which file system a path lies on, from what the kernel lists.</summary>
internal sealed class MountTableTests
{
    private static readonly MountTable Table = MountTable.Of(
    [
        "22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw",
        "40 22 0:40 / /run rw shared:5 master:1 - tmpfs tmpfs rw,size=1024k",
        @"41 22 0:41 / /mnt/a\040b\134c ro - xfs /dev/sdb rw",
        "98 22 0:98 / /snapshots/7/fs rw,nodev shared:12 - fuse.rawBridge stargz rw,user_id=0,group_id=0",
        "99 22 0:99 / /over rw - ext4 /dev/vdb rw",
        "100 99 0:99 / /over rw - fuse fuse rw",
        "not a mount",
        "- - - -",
        "",
    ]);

    [TestCase("/", "ext4")]
    [TestCase("/run", "tmpfs")]
    [TestCase("/run/x", "tmpfs")]
    [TestCase("/runner", "ext4")]
    [TestCase(@"/mnt/a b\c/d", "xfs")]
    [TestCase("/snapshots/7/fs", "fuse.rawBridge")]
    [TestCase("/snapshots/70/fs", "ext4")]
    [TestCase("/over/there", "fuse")]
    public void The_nearest_mount_says_it_and_the_last_of_those_on_the_same_place(string path, string type) => Table.TypeAt(path).Should().Be(type);

    [TestCase("/snapshots/7/fs/etc", "fuse.rawBridge")]
    [TestCase("/snapshots/8/fs", null)]
    public void Those_that_a_process_answers_for_are_told_from_the_others(string path, string? type) => Table.UserSpaceTypeAt(path).Should().Be(type);

    [Test]
    public void Where_nothing_is_listed_nothing_is_known() => MountTable.Of([]).TypeAt("/").Should().BeNull();

    [Test]
    public void This_process_has_one() => MountTable.Read().TypeAt("/proc").Should().Be("proc");
}
