using System.Text;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Api;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Runtimes.Docker;

/// <summary>Where Docker says that the layers are, and what it says where it has none.</summary>
internal sealed class DockerRootTests
{
    [Test]
    public void Overlay2s_directories_are_found_where_the_node_s_are_mounted()
    {
        using var data = new TemporaryFolder();
        foreach (var layer in new[] { "c/diff", "i/diff", "b/diff" }) Directory.CreateDirectory(Path.Combine(data.Path, layer));

        var located = Locate(Overlay("runc"), new HostLayout([new HostMount("/data/overlay2", data.Path)]));

        located.Problem.Should().BeNull();
        located.Layers.Should().BeEquivalentTo(
            new RootLayers("overlay2", $"{data.Path}/c/diff", [$"{data.Path}/i/diff", $"{data.Path}/b/diff"]));
    }

    [Test]
    public void A_layer_that_is_not_there_is_named_with_what_to_do()
    {
        using var data = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(data.Path, "c/diff"));

        var located = Locate(Overlay("runc"), new HostLayout([new HostMount("/data/overlay2", data.Path)]));

        located.Layers.Should().BeNull();
        located.Problem!.Reason.Should().Be(Reasons.LayersUnreachable);
        located.Problem.Message.Should().Contain("/data/overlay2/i/diff").And.Contain("--node-paths");
    }

    [TestCase("runsc", "gVisor")]
    [TestCase("kata-runtime", "Kata Containers")]
    public void A_runtime_with_a_kernel_of_its_own_leaves_the_layers_and_a_warning(string runtime, string name)
    {
        using var data = new TemporaryFolder();
        foreach (var layer in new[] { "c/diff", "i/diff", "b/diff" }) Directory.CreateDirectory(Path.Combine(data.Path, layer));

        var located = Locate(Overlay(runtime), new HostLayout([new HostMount("/data/overlay2", data.Path)]));

        located.Layers.Should().NotBeNull();
        located.Problem!.Reason.Should().Be(Reasons.SandboxedRuntime);
        located.Problem.Message.Should().Contain(name);
    }

    [TestCase("""{"GraphDriver":{"Name":"btrfs","Data":null}}""", "btrfs")]
    [TestCase("""{"GraphDriver":{"Name":"overlayfs","Data":null}}""", "overlayfs")]
    [TestCase("""{"Storage":{"RootFS":{"Snapshot":{"Name":"overlayfs"}}}}""", "overlayfs")]
    [TestCase("""{"GraphDriver":"?"}""", "none")]
    public void Other_storage_is_named(string inspected, string storage)
    {
        var located = Locate(inspected, HostLayout.Direct);

        located.Layers.Should().BeNull();
        located.Problem!.Reason.Should().Be(Reasons.UnsupportedStorage);
        located.Problem.Message.Should().Contain($"'{storage}'");
    }

    private static string Overlay(string runtime) =>
        $$"""{"HostConfig":{"Runtime":"{{runtime}}"},""" + """
        "GraphDriver":{"Name":"overlay2","Data":{
          "LowerDir":"/data/overlay2/i/diff:/data/overlay2/b/diff","MergedDir":"/data/overlay2/c/merged","UpperDir":"/data/overlay2/c/diff"}}}
        """;

    private static RootLocation Locate(string inspected, HostLayout layout) =>
        DockerRoot.Locate(Encoding.UTF8.GetBytes(inspected), new LayerDirectories(layout));
}
