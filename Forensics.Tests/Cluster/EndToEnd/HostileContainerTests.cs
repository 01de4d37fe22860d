using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Agent.Filesystems.Layers;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>A running container with a file system made to break whoever reads it, captured by a real agent on either runtime.</summary>
[Category("Cluster")]
[TestFixture("docker")]
[TestFixture("containerd")]
public sealed partial class HostileContainerTests(string runtime)
{
    private const string Pod = "hostile";

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
        _tree = new HostileTree(_container);
        _times = await InodeTimes.AgeAsync(_container.Layers);
        _tree.MakeImmutable();
        await _times.RememberAsync();

        await _scenario.CheckpointAsync("case-1", Pod);
        _status = (await _scenario.FinishedAsync("case-1")).Status!;
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

    [Test]
    public async Task Its_inventory_agrees_with_Pythons_reading_of_the_archive_byte_for_byte()
    {
        const string script = """
            import hashlib, sys, tarfile
            with tarfile.open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as archive:
                for m in archive:
                    content = hashlib.sha256(archive.extractfile(m).read()).hexdigest() if m.isreg() and m.size < 1 << 30 else "-"
                    print(m.name.encode("utf-8", "surrogateescape").hex(), content)
            """;
        var printed = await Command.RunAsync(
            new TestPrograms(LocalPaths.FromEnvironment()).Python("-c", script, _evidence.At(EvidenceNames.Export(Pod, _id))), CancellationToken.None);
        var theirs = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (Name: Plain(line.Split(' ')[0]), Content: line.Split(' ')[1])).ToList();

        var ours = Inventory();

        ours.Select(entry => entry.Name).Should().BeEquivalentTo(theirs.Select(entry => entry.Name)).And.HaveCountGreaterThan(HostileTree.Many + (2 * HostileTree.Depth));
        var hashes = theirs.Where(entry => entry.Content != "-").ToDictionary(entry => entry.Name, entry => entry.Content);
        ours.Where(entry => entry.Sha256 is not null && hashes.TryGetValue(entry.Name, out var theirHash) && theirHash != entry.Sha256).Should().BeEmpty();
        ours.Select(entry => entry.Name).Should().Contain(HostileTree.Names.Select(name => Hex([.. "evil/"u8, .. RawFiles.Bytes(name)[..^1]])));
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
        Artifact("export").Bytes.Should().BeLessThan(200_000_000);
        var listed = await Command.RunAsync(
            new CommandLine("/bin/tar", "--list", "--verbose", "--file", _evidence.At(EvidenceNames.Export(Pod, _id)), "evil/sparse"), CancellationToken.None);
        listed.Should().Contain($" {1L << 40} ");
    }

    [Test]
    public Task It_is_left_as_it_was_found() => _times.ExpectUnchangedAsync(exceptListings: runtime == "containerd");

    private ArtifactRecord Artifact(string type) =>
        _evidence.Manifest.Containers.Single(container => container.Name == "main").Artifacts.Single(artifact => artifact.Type == type);

    /// <summary>By GNU find over what the kernel shows, both of which know nothing of ours.</summary>
    private async Task<long> CountAsync()
    {
        await using var root = await KernelUnion.MountAsync(string.Join(':', _container.Layers));
        return (await Command.RunAsync(new CommandLine("/usr/bin/find", root.Path, "-printf", "."), CancellationToken.None)).Trim().Length;
    }

    /// <summary>Names as <see cref="Plain"/> has them.</summary>
    private List<(string Name, string? Sha256)> Inventory() =>
    [
        .. File.ReadLines(_evidence.At(EvidenceNames.Inventory(Pod, _id))).Select(line =>
        {
            using var entry = JsonDocument.Parse(line);
            var path = entry.RootElement.GetProperty("path").GetString()!.Trim('/');
            return (Hex(Unescape(path)), entry.RootElement.TryGetProperty("sha256", out var hash) ? hash.GetString() : null);
        }),
    ];

    /// <summary>Without <c>./</c> before it and a slash behind it; the root is empty.</summary>
    private static string Plain(string hex) =>
        hex == Hex("."u8) ? "" : hex.StartsWith(Hex("./"u8), StringComparison.Ordinal) ? hex[4..] : hex;

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>What docs/evidence.md says of escaped names, read back.</summary>
    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
                continue;
            }

            bytes.Add(Convert.ToByte(text.Substring(i + 1, 3), 8));
            i += 3;
        }

        return [.. bytes];
    }

    // No control, no format character, nothing unassigned, no separator of lines.
    [GeneratedRegex(@"^[^\p{C}\p{Zl}\p{Zp}]*\z")]
    private static partial Regex Printable();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    private static partial Regex PlainName();
}
