using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Cri;
using Forensics.Api;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Runtimes.Cri;

/// <summary>The layout in which CRI-O keeps containers, as it is on a node; no CRI-O runs here.</summary>
internal sealed class ContainersStorageTests
{
    private const string OnHost = "/var/lib/containers/storage";
    private TemporaryFolder _storage = null!;

    [SetUp]
    public void MakeStorage()
    {
        _storage = new TemporaryFolder();
        MakeLayer("aaa", "L1", lower: null);
        MakeLayer("bbb", "L2", lower: "l/L1");
        MakeLayer("ccc", "L3", lower: "l/L2:l/L1");
    }

    [TearDown]
    public void RemoveStorage() => _storage.Dispose();

    [Test]
    public void The_layers_of_a_container_are_found_by_its_merged_directory()
    {
        var located = Locate();

        located.Problem.Should().BeNull();
        located.Layers.Should().BeEquivalentTo(
            new RootLayers("overlay", At("ccc/diff"), [At("bbb/diff"), At("aaa/diff")]), options => options.WithStrictOrdering());
    }

    [Test]
    public void A_link_that_leads_elsewhere_is_not_followed()
    {
        File.Delete(At("l/L1"));
        File.CreateSymbolicLink(At("l/L1"), "/etc");

        var located = Locate();

        located.Layers.Should().BeNull();
        located.Problem!.Reason.Should().Be(Reasons.LayersUnreachable);
        located.Problem.Message.Should().Contain($"{OnHost}/overlay/l/L1");
    }

    [Test]
    public void A_composefs_layer_is_named()
    {
        Directory.CreateDirectory(At("aaa/composefs-data"));

        Locate().Problem.Should().BeEquivalentTo(new { Reason = Reasons.UnsupportedStorage }).And.Match<RootProblem>(p => p.Message.Contains("composefs"));
    }

    [Test]
    public void Layers_that_a_program_mounts_are_not_taken_for_the_kernels()
    {
        File.WriteAllText(At(".has-mount-program"), "true");

        var located = Locate();

        located.Layers.Should().BeNull();
        located.Written.Should().BeEquivalentTo(new RootLayers("overlay", At("ccc/diff"), []) { LacksLowers = true });
        located.Problem.Should().BeEquivalentTo(new { Reason = Reasons.UnsupportedStorage }).And.Match<RootProblem>(p => p.Message.Contains("mount_program"));
    }

    [Test]
    public void A_store_that_says_that_no_program_mounts_them_is_read()
    {
        File.WriteAllText(At(".has-mount-program"), "false");

        Locate().Problem.Should().BeNull();
    }

    [Test]
    public void A_container_that_is_not_there_is_named() =>
        Locate($"{OnHost}/overlay/ddd/merged").Problem.Should().BeEquivalentTo(new { Reason = Reasons.LayersUnreachable })
            .And.Match<RootProblem>(p => p.Message.Contains("ddd"));

    [TestCase("/var/lib/containers/storage/vfs/dir/ccc")]
    [TestCase("/merged")]
    public void Other_drivers_are_named(string root) => Locate(root).Problem.Should().BeEquivalentTo(new { Reason = Reasons.UnsupportedStorage });

    private RootLocation Locate(string root = OnHost + "/overlay/ccc/merged") =>
        new ContainersStorage(new HostLayout([new HostMount(OnHost, _storage.Path)])).Locate(root);

    private void MakeLayer(string name, string link, string? lower)
    {
        foreach (var folder in new[] { "diff", "merged", "work" }) Directory.CreateDirectory(At($"{name}/{folder}"));
        Directory.CreateDirectory(At("l"));
        File.CreateSymbolicLink(At($"l/{link}"), $"../{name}/diff");
        File.WriteAllText(At($"{name}/link"), link);
        if (lower is not null) File.WriteAllText(At($"{name}/lower"), lower);
    }

    private string At(string path) => Path.Combine(_storage.Path, "overlay", path);
}
