using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Tests.Agent.Runtimes;

internal sealed class HostLayoutTests
{
    private static readonly HostLayout Layout = new(
    [
        new HostMount("/var/lib/containerd", "/host/root"),
        new HostMount("/var/lib", "/host/lib"),
    ]);

    [TestCase("/var/lib/containerd/snapshots/1/fs", "/host/root/snapshots/1/fs")]
    [TestCase("/var/lib/containerd", "/host/root")]
    [TestCase("/var/lib/containerd-stargz/x", "/host/lib/containerd-stargz/x")]
    [TestCase("/var/library", null)]
    [TestCase("/etc/shadow", null)]
    [TestCase("relative", null)]
    [TestCase("", null)]
    [TestCase("/var/lib/containerd/../../../etc/shadow", null)]
    public void A_path_of_the_host_is_found_below_the_nearest_mount_or_not_at_all(string host, string? here) =>
        Layout.Find(host).Should().Be(here);

    [Test]
    public void On_the_host_itself_every_path_is_its_own() => HostLayout.Direct.Find("/var/lib/x").Should().Be("/var/lib/x");
}
