using Forensics.Agent.Filesystems.Linux;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Runtimes;

/// <summary>Which of the layers that a runtime names can be read.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LayerDirectoriesTests : IDisposable
{
    private readonly TemporaryFolder _node = new();

    public LayerDirectoriesTests()
    {
        foreach (var layer in new[] { "own", "image" }) Directory.CreateDirectory(Path.Combine(_node.Path, layer));
    }

    public void Dispose() => _node.Dispose();

    /// <summary>As stargz and SOCI mount them on a node; the mounts are told, no such snapshotter runs here.</summary>
    [TestCase("stargz", "fuse.rawBridge")]
    [TestCase("soci", "fuse.rawBridge")]
    [TestCase("nydus", "fuse.rafs")]
    public void Below_a_layer_that_a_process_answers_for_the_containers_own_is_left(string snapshotter, string type)
    {
        var located = Locate(snapshotter, MountTable.Of([$"98 22 0:98 / {_node.Path}/image rw,nodev - {type} {snapshotter} rw"]));

        located.Layers.Should().BeNull();
        located.Written.Should().BeEquivalentTo(new RootLayers(snapshotter, $"{_node.Path}/own", []) { LacksLowers = true });
        located.Problem!.Reason.Should().Be(Reasons.UnsupportedStorage);
        located.Problem.Message.Should().Contain($"'{snapshotter}'").And.Contain($"'{type}'").And.Contain("/node/image");
    }

    [Test]
    public void Nothing_is_left_if_the_containers_own_is_such_a_one()
    {
        var located = Locate("stargz", MountTable.Of([$"98 22 0:98 / {_node.Path} rw - fuse fuse rw"]));

        (located.Layers, located.Written, located.Problem!.Reason).Should().Be((null, null, Reasons.UnsupportedStorage));
    }

    [Test]
    public void Below_a_layer_that_is_not_there_the_containers_own_is_left_too()
    {
        Directory.Delete(Path.Combine(_node.Path, "image"));

        var located = Locate("stargz", MountTable.Of([]));

        located.Written.Should().BeEquivalentTo(new RootLayers("stargz", $"{_node.Path}/own", []) { LacksLowers = true });
        located.Problem!.Reason.Should().Be(Reasons.LayersUnreachable);
        located.Problem.Message.Should().Contain("/node/image").And.Contain("'stargz'").And.Contain("--node-paths");
    }

    [Test]
    [Category("Cluster")]
    public async Task A_file_system_that_hangs_is_told_without_being_asked()
    {
        using var mount = new HangingMount(isKnown: false);
        var layers = new LayerDirectories(HostLayout.Direct);

        var located = await Eventually.EndsAsync(Task.Run(() => layers.Locate("stargz", $"{_node.Path}/own", [mount.Path])));

        located.Problem!.Reason.Should().Be(Reasons.UnsupportedStorage);
        located.Written!.Upper.Should().Be($"{_node.Path}/own");
    }

    private RootLocation Locate(string snapshotter, MountTable mounts) =>
        new LayerDirectories(new HostLayout([new HostMount("/node", _node.Path)]), () => mounts).Locate(snapshotter, "/node/own", ["/node/image"]);
}
