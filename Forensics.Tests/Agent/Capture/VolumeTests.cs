using System.Formats.Tar;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Fakes;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>Volumes and shared memory, from real directories.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VolumeTests : IDisposable
{
    private const string Helper = "bbbbbbbbbbbb2222";
    private readonly CaptureFixture _capture = new();
    private readonly TemporaryFolder _node = new();

    public VolumeTests()
    {
        _capture.Layout = new HostLayout([new HostMount("/node", _node.Path)]);
        _capture.Plan = _capture.Plan with
        {
            Containers = [.. _capture.Plan.Containers, new PlannedContainer { Name = "helper", Id = Helper }],
        };
        _capture.Runtime.Containers[Helper] = new FakeContainer();
    }

    public void Dispose()
    {
        _capture.Dispose();
        _node.Dispose();
    }

    [Test]
    public async Task An_emptyDir_is_an_archive_of_its_own_before_any_root_file_system()
    {
        Write("disk/dropped", "evil");
        Plan(new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = "/node/disk" });

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        EntriesOf("web-volume-disk.tar").Should().Contain(("dropped", "evil"));
        var order = _capture.Store.CommitOrder;
        order.IndexOf("web-volume-disk.tar").Should().BeInRange(
            order.IndexOf(EvidenceNames.Diff("web", Helper)) + 1, order.IndexOf(EvidenceNames.Export("web", CaptureFixture.App)) - 1);
    }

    [Test]
    public async Task What_is_in_memory_comes_before_what_the_containers_wrote_and_what_outlives_the_pod_comes_last()
    {
        foreach (var file in new[] { "mem/a", "disk/a", "data/a", "scratch/a", "sandboxes/a/shm/a", "own/a", "image/a" }) Write(file, "");
        Plan(
            new PlannedVolume { Name = "data", Kind = "persistentVolumeClaim", HostPath = "/node/data" },
            new PlannedVolume { Name = "scratch", Kind = "ephemeral", HostPath = "/node/scratch" },
            new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = "/node/disk" },
            new PlannedVolume { Name = "mem", Kind = "emptyDir", HostPath = "/node/mem", IsInMemory = true });
        _capture.Runtime.Containers[CaptureFixture.App].SharedMemory = "/node/sandboxes/a/shm";
        _capture.Runtime.Root = new RootLocation(
            new RootLayers("overlay2", Path.Combine(_node.Path, "own"), [Path.Combine(_node.Path, "image")]) { HasUserMarks = true }, null);

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Store.CommitOrder.Where(name => name.EndsWith(".tar", StringComparison.Ordinal)).Should().Equal(
            "web-volume-mem.tar",
            EvidenceNames.SharedMemory("web", CaptureFixture.App),
            EvidenceNames.Changes("web", CaptureFixture.App),
            EvidenceNames.Changes("web", Helper),
            "web-volume-scratch.tar",
            "web-volume-disk.tar",
            EvidenceNames.Export("web", CaptureFixture.App),
            EvidenceNames.Export("web", Helper),
            "web-volume-data.tar");
    }

    [Test]
    public async Task What_is_not_captured_is_listed_with_the_rule()
    {
        Plan(new PlannedVolume { Name = "token", Kind = "secret" });

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Artifact("volume").Should().BeEquivalentTo(
            new { Name = "web-volume-token.tar", State = CaptureState.Skipped, Reason = Reasons.VolumeNotCollected, Sha256 = (string?)null });
        _capture.Artifact("volume").Message.Should().Contain("secret");
        _capture.Store.Objects.Should().NotContainKey("web-volume-token.tar");
    }

    [TestCase("/node/gone")]
    [TestCase("/elsewhere/disk")]
    public async Task One_that_cannot_be_reached_makes_the_capture_incomplete(string hostPath)
    {
        Plan(new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = hostPath });

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.Incomplete);
        _capture.Artifact("volume").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.VolumeUnreachable });
        _capture.Artifact("volume").Message.Should().Contain(hostPath).And.Contain("--node-paths");
    }

    [TestCase("/node/gone", CaptureState.Skipped, Reasons.VolumeReleased)]
    [TestCase("/elsewhere/disk", CaptureState.Failed, Reasons.VolumeUnreachable)]
    public async Task One_that_the_kubelet_took_away_with_the_pods_end_is_left_out_but_only_where_it_would_be_seen(
        string hostPath, CaptureState state, string reason)
    {
        Plan(new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = hostPath, IsReleased = true });

        await _capture.RunAsync();

        _capture.Artifact("volume").Should().BeEquivalentTo(new { State = state, Reason = reason });
    }

    [Test]
    public async Task Shared_memory_that_two_containers_share_is_stored_once()
    {
        Write("sandboxes/a/shm/tool", "evil");
        _capture.Runtime.Containers[CaptureFixture.App].SharedMemory = _capture.Runtime.Containers[Helper].SharedMemory = "/node/sandboxes/a/shm";

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Artifact("shm").Name.Should().Be(EvidenceNames.SharedMemory("web", CaptureFixture.App));
        EntriesOf(_capture.Artifact("shm").Name).Should().Contain(("tool", "evil"));
    }

    [TestCase("/dev/shm", CaptureState.Skipped, Reasons.VolumeNotCollected)]
    [TestCase("/node/containers/ended/mounts/shm", CaptureState.Skipped, Reasons.VolumeReleased)]
    [TestCase("/elsewhere/sandboxes/a/shm", CaptureState.Failed, Reasons.VolumeUnreachable)]
    [TestCase("/node/sandboxes/ended/shm", CaptureState.Skipped, Reasons.VolumeReleased)]
    [TestCase("/node/vfs-containers/ended/userdata/shm", CaptureState.Skipped, Reasons.VolumeReleased)]
    public async Task Shared_memory_that_is_the_nodes_or_has_gone_is_left_out(string hostPath, CaptureState state, string reason)
    {
        foreach (var folder in new[] { "containers", "vfs-containers" }) Directory.CreateDirectory(Path.Combine(_node.Path, folder));
        _capture.Runtime.Containers[CaptureFixture.App].SharedMemory = hostPath;

        await _capture.RunAsync();

        _capture.Artifact("shm").Should().BeEquivalentTo(new { State = state, Reason = reason });
    }

    [Test]
    public async Task Shared_memory_of_a_node_whose_files_are_not_seen_is_not_said_to_have_gone()
    {
        _capture.Layout = HostLayout.Direct; // As by hand in a container.
        _capture.Runtime.Containers[CaptureFixture.App].SharedMemory = "/no/such/docker/containers/a/mounts/shm";

        await _capture.RunAsync();

        _capture.Artifact("shm").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.VolumeUnreachable });
    }

    [Test]
    public async Task An_emptyDir_that_is_mounted_as_shared_memory_is_stored_once()
    {
        Write("disk/dropped", "evil");
        Plan(new PlannedVolume { Name = "disk", Kind = "emptyDir", HostPath = "/node/disk" });
        _capture.Runtime.Containers[CaptureFixture.App].SharedMemory = "/node/disk";

        await _capture.RunAsync();

        _capture.Artifacts.Should().ContainSingle(artifact => artifact.Type == "volume").And.NotContain(artifact => artifact.Type == "shm");
    }

    // By its path the node shows it, since the kubelet keeps it beside the emptyDirs.
    [TestCase("/node/volumes/kubernetes.io~secret/token")]
    [TestCase("/node/volumes/kubernetes.io~secret/shm")]
    [TestCase("/node/volume-subpaths/data/app/0")]
    public async Task A_Secret_that_is_mounted_as_shared_memory_is_never_read(string hostPath)
    {
        Write(hostPath["/node/".Length..] + "/token", "not for the bucket");
        Plan(new PlannedVolume { Name = "token", Kind = "secret" });
        _capture.Runtime.Containers[CaptureFixture.App].SharedMemory = hostPath;

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Artifact("shm").Should().BeEquivalentTo(new { State = CaptureState.Skipped, Reason = Reasons.VolumeNotCollected });
        _capture.Store.Objects.Keys.Should().NotContain(name => name.EndsWith("shm.tar", StringComparison.Ordinal));
    }

    private void Plan(params PlannedVolume[] volumes) => _capture.Plan = _capture.Plan with { Volumes = volumes };

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_node.Path, path))!);
        File.WriteAllText(Path.Combine(_node.Path, path), content);
    }

    private List<(string Name, string Content)> EntriesOf(string name)
    {
        using var reader = new TarReader(new MemoryStream(_capture.Store.Objects[name]));
        var entries = new List<(string, string)>();
        while (reader.GetNextEntry() is { } entry)
            if (entry.DataStream is { } content) entries.Add((entry.Name.TrimStart('.').Trim('/'), new StreamReader(content).ReadToEnd()));
        return entries;
    }
}
