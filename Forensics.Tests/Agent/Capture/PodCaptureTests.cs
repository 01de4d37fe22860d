using System.Security.Cryptography;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Capture;

/// <summary>What a capture stores, and in which order, when nothing fails.</summary>
[TestFixture]
internal sealed class PodCaptureTests
{
    private const string App = CaptureFixture.App;
    private CaptureFixture _capture = null!;

    [SetUp]
    public void Prepare() => _capture = new CaptureFixture();

    [TearDown]
    public void Clean() => _capture.Dispose();

    [Test]
    public async Task Objects_are_stored_in_the_order_of_volatility_and_the_manifest_last()
    {
        const string Other = "bbbbbbbbbbbb2222";
        _capture.Runtime.Containers[Other] = new FakeContainer();
        _capture.Plan = _capture.Plan with
        {
            Containers = [.. _capture.Plan.Containers, new PlannedContainer { Name = "init", Kind = ContainerKind.Init, Id = Other }],
        };

        var outcome = await _capture.RunAsync();

        outcome.Should().BeEquivalentTo(new { Complete = true, Reason = Reasons.Captured, Objects = 19, Truncated = false });
        _capture.Store.CommitOrder.Should().Equal(
            "capture.json", "web.yaml", "web.txt",
            "web-aaaaaaaaaaaa-inspect.json", "web-aaaaaaaaaaaa-logs.txt", "web-aaaaaaaaaaaa-history.json", "web-aaaaaaaaaaaa-diff.txt",
            "web-bbbbbbbbbbbb-inspect.json", "web-bbbbbbbbbbbb-logs.txt", "web-bbbbbbbbbbbb-history.json", "web-bbbbbbbbbbbb-diff.txt",
            "web-aaaaaaaaaaaa-export.tar", "web-aaaaaaaaaaaa-inventory.jsonl", "web-aaaaaaaaaaaa-bodyfile.txt",
            "web-bbbbbbbbbbbb-export.tar", "web-bbbbbbbbbbbb-inventory.jsonl", "web-bbbbbbbbbbbb-bodyfile.txt",
            "SHA256SUMS", "manifest.json");
    }

    [Test]
    public async Task Sums_and_manifest_prove_every_artifact()
    {
        var outcome = await _capture.RunAsync();

        var sums = _capture.Store.Text("SHA256SUMS").TrimEnd('\n').Split('\n').Select(line => line.Split("  ")).ToList();
        sums.Select(line => line[1]).Should().BeEquivalentTo(_capture.Store.Objects.Keys.Except(["SHA256SUMS", "manifest.json"]));
        sums.Should().OnlyContain(line => line[0] == Hash(line[1]));
        _capture.Artifacts.Should().OnlyContain(artifact => artifact.Sha256 == Hash(artifact.Name) && artifact.Bytes == _capture.Store.Objects[artifact.Name].Length);
        _capture.Manifest.Sha256SumsSha256.Should().Be(Hash("SHA256SUMS"));
        outcome.ManifestSha256.Should().Be(Hash("manifest.json"));
        outcome.Bytes.Should().Be(_capture.Store.Objects.Values.Sum(bytes => (long)bytes.Length));
    }

    [Test]
    public async Task Inspect_is_the_runtimes_json_in_an_array()
    {
        await _capture.RunAsync();

        _capture.Store.Text("web-aaaaaaaaaaaa-inspect.json").Should().Be($$"""[{"Id":"{{App}}"}]""" + "\n");
    }

    [Test]
    public async Task A_diff_has_dockers_lines_with_names_made_harmless()
    {
        _capture.Runtime.Containers[App].Changes =
            [new(ChangeKind.Changed, "/etc"), new(ChangeKind.Added, "/etc/passwd"), new(ChangeKind.Deleted, "/a\nb")];

        await _capture.RunAsync();

        _capture.Store.Text("web-aaaaaaaaaaaa-diff.txt").Should().Be("C /etc\nA /etc/passwd\nD /a\\012b\n");
    }

    [Test]
    public async Task An_export_is_stored_byte_for_byte()
    {
        var archive = TestArchive.Of(("a", new string('x', 100_000)));
        _capture.Runtime.Containers[App].Export = () => new ChoppedStream(archive, [1, 700, 30_000]);

        await _capture.RunAsync();

        _capture.Store.Objects["web-aaaaaaaaaaaa-export.tar"].Should().Equal(archive);
        _capture.Artifact("export").Entries.Should().Be(1);
    }

    [TestCase(CompressionKind.Gzip, ".gz")]
    [TestCase(CompressionKind.Zstd, ".zst")]
    public async Task A_compressed_export_is_proven_in_both_forms(CompressionKind compression, string suffix)
    {
        var archive = TestArchive.Of(("a", new string('x', 3_000_000)));
        _capture.Runtime.Containers[App].Export = () => new MemoryStream(archive);
        _capture.Plan = _capture.Plan with { Export = new ExportOptions { Compression = compression } };

        (await _capture.RunAsync()).Complete.Should().BeTrue();

        var name = "web-aaaaaaaaaaaa-export.tar" + suffix;
        _capture.Artifact("export").Should().BeEquivalentTo(new
        {
            Name = name,
            Compression = compression,
            Sha256 = Hash(name),
            Bytes = _capture.Store.Objects[name].Length,
            UncompressedSha256 = Convert.ToHexStringLower(SHA256.HashData(archive)),
            UncompressedBytes = archive.Length,
        });
        _capture.Store.Objects[name].Length.Should().BeLessThan(archive.Length / 10);
        _capture.Artifact("inventory").Compression.Should().BeNull();
    }

    [Test]
    public async Task An_inventory_of_the_export_is_made_in_the_same_pass_with_what_the_diff_says()
    {
        _capture.Runtime.Containers[App].Changes = [new(ChangeKind.Changed, "/etc"), new(ChangeKind.Added, "/etc/passwd")];

        await _capture.RunAsync();

        _capture.Store.Text("web-aaaaaaaaaaaa-inventory.jsonl").Split('\n').Should().SatisfyRespectively(
            line => line.Should().StartWith("""{"path":"/etc","type":"directory",""").And.Contain("\"diff\":\"C\""),
            line => line.Should().StartWith("""{"path":"/etc/passwd","type":"file",""").And.Contain("\"diff\":\"A\"").And.Contain("\"sha256\":"),
            line => line.Should().BeEmpty());
        _capture.Store.Text("web-aaaaaaaaaaaa-bodyfile.txt").Should().Contain("0|/etc/passwd|0|r/rrw-r--r--|");
        _capture.Runtime.Calls.Count(call => call.StartsWith("export", StringComparison.Ordinal)).Should().Be(1);
    }

    [Test]
    public async Task An_inventory_far_longer_than_what_is_held_of_it_arrives_whole()
    {
        var files = Enumerable.Range(0, 20_000).Select(i => ($"{new string('d', 90)}{i}", "")).ToArray();
        _capture.Runtime.Containers[App].Export = () => new MemoryStream(TestArchive.Of(files));

        await _capture.RunAsync();

        _capture.Store.Text("web-aaaaaaaaaaaa-inventory.jsonl").Split('\n').Should().HaveCount(20_001);
        _capture.Store.Text("web-aaaaaaaaaaaa-bodyfile.txt").Split('\n').Should().HaveCount(20_001);
    }

    [Test]
    public async Task What_the_runtime_holds_beside_the_plan_is_captured_too()
    {
        _capture.Runtime.Containers["sandbox0000000"] = new FakeContainer();
        _capture.Runtime.Containers["unknown0000000"] = new FakeContainer();
        _capture.Runtime.Held.Add(new HeldContainer(App, "app", false, null, null));
        _capture.Runtime.Held.Add(new HeldContainer("sandbox0000000", "POD", true, "pause", null));
        _capture.Runtime.Held.Add(new HeldContainer("unknown0000000", null, false, "miner:1", null));

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue();
        outcome.Containers.Select(c => (c.Name, c.Kind)).Should().Equal(
            ("app", ContainerKind.Regular), ("POD", ContainerKind.Sandbox), ("unknown00000", ContainerKind.Unplanned));
    }

    [Test]
    public async Task The_name_of_one_that_nobody_planned_reaches_no_terminal_raw()
    {
        _capture.Runtime.Containers["unknown0000000"] = new FakeContainer();
        _capture.Runtime.Held.Add(new HeldContainer("unknown0000000", "a\u001b[2Jb", false, null, null));

        await _capture.RunAsync();

        _capture.Manifest.Containers[^1].Name.Should().Be(@"a\033[2Jb");
    }

    [Test]
    public async Task Of_a_user_namespace_the_manifest_says_which_ids_are_which_on_the_node()
    {
        _capture.Runtime.Containers[App].UserNamespace = new UserNamespace
        {
            UidMap = [new IdMapping { ContainerId = 0, HostId = 165536, Size = 65536 }],
            GidMap = [new IdMapping { ContainerId = 0, HostId = 231072 }],
        };

        await _capture.RunAsync();

        _capture.Manifest.Containers.Single().UserNamespace.Should().BeEquivalentTo(_capture.Runtime.Containers[App].UserNamespace);
        _capture.Store.Text("manifest.json").Should().MatchRegex(@"""userNamespace"": \{\s+""uidMap"": \[\s+\{\s+""containerId"": 0,\s+""hostId"": 165536,\s+""size"": 65536\s");
    }

    [Test]
    public async Task A_container_that_has_none_of_its_own_has_no_such_field_there()
    {
        await _capture.RunAsync();

        _capture.Store.Text("manifest.json").Should().NotContain("userNamespace");
    }

    [Test]
    public async Task A_container_that_never_started_is_skipped()
    {
        _capture.Plan = _capture.Plan with { Containers = [.. _capture.Plan.Containers, new PlannedContainer { Name = "late" }] };

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue();
        outcome.Containers[1].Should().BeEquivalentTo(new { Name = "late", State = CaptureState.Skipped, Reason = Reasons.NotStarted });
    }

    [Test]
    public async Task The_instance_before_a_crash_is_captured_as_one_of_its_own()
    {
        _capture.Runtime.Containers["previous000000"] = new FakeContainer();
        Crash("previous000000");

        await _capture.RunAsync();

        _capture.Manifest.Containers.Select(c => (c.Name, c.Id, c.Previous, c.State)).Should().Equal(
            ("app", App, false, CaptureState.Captured), ("app", "previous000000", true, CaptureState.Captured));
    }

    [Test]
    public async Task An_instance_that_the_kubelet_has_removed_is_skipped()
    {
        Crash("previous000000");

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue();
        _capture.Manifest.Containers[1].Should().BeEquivalentTo(new { Previous = true, State = CaptureState.Skipped, Reason = Reasons.InstanceRemoved });
    }

    [Test]
    public async Task Without_a_controller_there_is_no_pod_metadata()
    {
        _capture.Metadata = null;
        _capture.Plan = _capture.Plan with { PodCheckpoint = new PodCheckpointReference() };

        (await _capture.RunAsync()).Complete.Should().BeTrue();

        _capture.Store.Objects.Keys.Should().NotContain("web.yaml");
        _capture.Manifest.PodCheckpoint.Should().BeNull();
    }

    [Test]
    public async Task Progress_is_told_once_an_artifact_and_every_two_seconds_in_between()
    {
        _capture.Runtime.Containers[App].Export = () => new ChoppedStream(TestArchive.Of(("a", new string('x', 50_000))), [512]);

        await _capture.RunAsync();

        _capture.Progress.Should().HaveCount(10, "there are ten artifacts and the clock stands still");
        _capture.Progress[^1].Should().BeEquivalentTo(new { ArtifactsDone = 10, Container = "app", Artifact = "web-aaaaaaaaaaaa-export.tar" });
        _capture.Progress.Select(p => p.Bytes).Should().BeInAscendingOrder();
    }

    private void Crash(string lastTerminatedId) => _capture.Plan = _capture.Plan with
    {
        Containers = [_capture.Plan.Containers[0] with { LastTerminatedId = lastTerminatedId }],
    };

    private string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(_capture.Store.Objects[name]));
}
