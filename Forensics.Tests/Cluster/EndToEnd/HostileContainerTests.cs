using System.Text;
using System.Text.RegularExpressions;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Agent.Filesystems.Layers;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>A running container with a file system made to break whoever reads it, captured by a real agent on either runtime.</summary>
[Category("Cluster")]
[TestFixture("docker", 20_000)]
[TestFixture("containerd", 20_000)]
[TestFixture("docker", 300_000, Category = "Long")]
[TestFixture("containerd", 300_000, Category = "Long")]
public sealed partial class HostileContainerTests(string runtime, int many)
{
    private const string Pod = "hostile";

    // For hundreds of thousands of files on a slow machine; it costs nothing where they are fewer.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private Scenario _scenario = null!;
    private HostileTree _tree = null!;
    private ContainerOnNode _container = null!;
    private InodeTimes _times = null!;
    private PodCheckpointStatus _status = null!;
    private EvidenceFolder _evidence = null!;
    private string _id = "";
    private string _agentsLog = "";

    [OneTimeSetUp]
    public async Task CaptureAsync()
    {
        _scenario = await Scenario.StartAsync();
        // Nothing that reads a file while it is captured: what changes a time then is us.
        await _scenario.RunPodAsync(new TargetPod(Pod) { Node = TargetPod.NodeOf(runtime), Containers = [("main", "exec sleep 100000")] });
        _id = await _scenario.ContainerIdAsync(Pod);
        _container = await ContainerOnNode.OfAsync(runtime, _id);
        _tree = new HostileTree(_container, many);
        _times = await InodeTimes.AgeAsync(_container.Layers);
        _tree.MakeImmutable();
        await _times.RememberAsync();

        await _scenario.CheckpointAsync("case-1", Pod);
        _status = (await _scenario.FinishedAsync("case-1", Limit)).Status!;
        _agentsLog = await RealCluster.KubectlAsync("logs", "-n", RealCluster.WorkerNamespace, $"job/{_status.JobName}");
        _evidence = await EvidenceFolder.DownloadAsync(_status.Location!);
    }

    [OneTimeTearDown]
    public async Task ClearUpAsync()
    {
        _evidence?.Dispose();
        _times?.Dispose();
        _tree?.Dispose();
        await _scenario.DisposeAsync();
    }

    [Test]
    public async Task It_is_captured_completely()
    {
        _status.Phase.Should().Be(Phase.Complete, _status.Message);
        await _evidence.CheckSumsAsync();
        _evidence.ManifestSha256.Should().Be(_status.ManifestSha256);
        Artifact("export").Method.Should().Be(ExportMethod.Layers, Artifact("export").MethodReason);
    }

    [Test]
    public async Task Nothing_is_silently_absent()
    {
        var tally = Artifact("export").Tally!;

        (tally.Captured + tally.Partial + tally.Failed + tally.Skipped).Should().Be(await CountAsync());
        tally.Skipped.Should().Be(1, "it is the socket");
        _evidence.Text(EvidenceNames.Notes(Pod, _id)).Should().Contain("{\"note\":\"Socket\",\"path\":\"/evil/socket\"}");
    }

    /// <summary>Every field that both have, of every entry, in the archive's order.</summary>
    [Test]
    public async Task Its_inventory_agrees_with_Pythons_reading_of_the_archive_byte_for_byte()
    {
        var theirs = await ArchiveReaders.PythonAsync(Export);

        var ours = Inventory();

        ours.Should().Equal(theirs).And.HaveCountGreaterThan(many + (2 * HostileTree.Depth));
        ours.Select(entry => entry.Name).Should().Contain(HostileTree.Names.Select(name => ListedEntry.Plain([.. "evil/"u8, .. RawFiles.Bytes(name)[..^1]])));
        ours.Should().Contain(entry => entry.Type == ListedEntry.HardLink).And.Contain(entry => entry.Sha256 != ListedEntry.NoHash);
    }

    [Test]
    public async Task Its_inventory_agrees_with_what_GNU_tar_lists()
    {
        var theirs = await ArchiveReaders.GnuTarAsync(Export);

        Inventory().Select(entry => entry with { Sha256 = ListedEntry.NoHash }).Should().Equal(theirs);
    }

    [Test]
    public async Task Its_inventory_agrees_with_what_bsdtar_lists()
    {
        var theirs = await ArchiveReaders.BsdtarAsync(Export);

        var ours = Inventory().Select(entry => entry with { Sha256 = ListedEntry.NoHash });
        ByName(ours.Select(entry => entry.Type == ListedEntry.HardLink ? entry with { Type = "file", Link = "" } : entry)).Should().Equal(ByName(theirs));
    }

    [Test]
    public async Task No_byte_from_outside_of_it_is_stored()
    {
        foreach (var name in _evidence.Names)
            (await File.ReadAllBytesAsync(_evidence.At(name))).AsSpan().IndexOf(Encoding.ASCII.GetBytes(HostileTree.Canary)).Should().Be(-1, name);
    }

    [Test]
    public void Nothing_of_it_is_raw_on_a_terminal_or_in_a_name()
    {
        _agentsLog.Split('\n').Should().OnlyContain(line => Printable().IsMatch(line)).And.HaveCountGreaterThan(5);
        _evidence.Names.Should().OnlyContain(name => PlainName().IsMatch(name));
        foreach (var text in new[] { EvidenceNames.Manifest, EvidenceNames.Inventory(Pod, _id), EvidenceNames.Bodyfile(Pod, _id), EvidenceNames.Diff(Pod, _id), EvidenceNames.Notes(Pod, _id) })
            _evidence.Text(text).Split('\n').Where(line => !Printable().IsMatch(line)).Should().BeEmpty(text);
    }

    [Test]
    public async Task A_terabyte_of_holes_is_stored_as_holes()
    {
        Artifact("export").Bytes.Should().BeLessThan(160_000_000 + (many * 2_000L), "each of the many takes some headers and a block");
        var listed = await Command.RunAsync(
            new CommandLine("/bin/tar", "--list", "--verbose", "--file", Export, "evil/sparse"), CancellationToken.None);
        listed.Should().Contain($" {1L << 40} ");
    }

    [Test]
    public Task It_is_left_as_it_was_found() => _times.ExpectUnchangedAsync(exceptListings: runtime == "containerd");

    private string Export => _evidence.At(EvidenceNames.Export(Pod, _id));

    private ArtifactRecord Artifact(string type) =>
        _evidence.Manifest.Containers.Single(container => container.Name == "main").Artifacts.Single(artifact => artifact.Type == type);

    /// <summary>By GNU find over what the kernel shows, both of which know nothing of ours.</summary>
    private async Task<long> CountAsync()
    {
        await using var root = await KernelUnion.MountAsync(string.Join(':', _container.Layers));
        return (await Command.RunAsync(new CommandLine("/usr/bin/find", root.Path, "-printf", "."), CancellationToken.None)).Trim().Length;
    }

    private IReadOnlyList<ListedEntry> Inventory() => ListedEntry.OfInventory(_evidence.At(EvidenceNames.Inventory(Pod, _id)));

    private static IEnumerable<ListedEntry> ByName(IEnumerable<ListedEntry> entries) => entries.OrderBy(entry => entry.Name, StringComparer.Ordinal);

    // No control, no format character, nothing unassigned, no separator of lines.
    [GeneratedRegex(@"^[^\p{C}\p{Zl}\p{Zp}]*\z")]
    private static partial Regex Printable();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    private static partial Regex PlainName();
}
