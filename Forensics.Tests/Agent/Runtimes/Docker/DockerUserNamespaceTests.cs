using System.Text.Json;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Api;

namespace Forensics.Tests.Agent.Runtimes.Docker;

/// <summary>Whether Docker maps ids, by where it keeps a container.</summary>
internal sealed class DockerUserNamespaceTests
{
    [Test]
    public void A_daemon_that_maps_ids_tells_what_its_root_is_on_the_node() =>
        In("/var/lib/docker/165536.231072/containers/0123/resolv.conf").Should().BeEquivalentTo(new UserNamespace
        {
            UidMap = [new IdMapping { HostId = 165536 }],
            GidMap = [new IdMapping { HostId = 231072 }],
        });

    [TestCase("/var/lib/docker/containers/0123/resolv.conf")]
    [TestCase("/data/docker.d/containers/0123/resolv.conf")]
    [TestCase("/data/1.2.3/containers/0123/resolv.conf")]
    [TestCase("/data/-1.2/containers/0123/resolv.conf")]
    [TestCase("/data/1.4294967296/containers/0123/resolv.conf")]
    [TestCase("165536.165536/resolv.conf")]
    [TestCase("")]
    public void Any_other_folder_is_no_map(string file) => In(file).Should().BeNull();

    [Test]
    public void A_container_that_was_let_out_of_the_map_has_none() =>
        In("/var/lib/docker/165536.231072/containers/0123/resolv.conf", mode: "host").Should().BeNull();

    private static UserNamespace? In(string file, string mode = "")
    {
        using var document = JsonDocument.Parse($$"""{"HostConfig":{"UsernsMode":"{{mode}}"},"ResolvConfPath":"{{file}}"}""");
        return DockerUserNamespace.In(document.RootElement);
    }
}
