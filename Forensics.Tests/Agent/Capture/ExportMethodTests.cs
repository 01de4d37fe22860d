using System.Formats.Tar;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Fakes;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>Which way a container's root file system is read, and what the manifest says of it.</summary>
[TestFixture]
internal sealed class ExportMethodTests
{
    private const string Export = "web-aaaaaaaaaaaa-export.tar";
    private TemporaryFolder _layers = null!;
    private CaptureFixture _capture = null!;

    [SetUp]
    public void Prepare()
    {
        _layers = new TemporaryFolder();
        _capture = new CaptureFixture();
        Write("image/etc/passwd", "root");
        Write("own/tmp/intruder", "evil");
    }

    [TearDown]
    public void Clean()
    {
        _capture.Dispose();
        _layers.Dispose();
    }

    [Test]
    public async Task Where_the_layers_can_be_reached_they_are_read_and_the_runtime_exports_nothing()
    {
        _capture.Runtime.Root = new RootLocation(Layers, null);

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Runtime.Calls.Should().NotContain(call => call.StartsWith("export", StringComparison.Ordinal));
        NamesIn(Export).Should().Contain(["etc/passwd", "tmp/intruder"]);
        _capture.Artifact("export").Should().BeEquivalentTo(new
        {
            Method = ExportMethod.Layers,
            MethodReason = (string?)null,
            Tally = new EntryTally { Captured = 5 },
            Entries = 5,
        });
        _capture.Artifact("notes").State.Should().Be(CaptureState.Captured);
        _capture.Store.Text("web-aaaaaaaaaaaa-inventory.jsonl").Should().Contain("\"atime\":").And.Contain("\"/tmp/intruder\"");
    }

    [Test]
    public async Task Where_the_runtime_fails_to_compare_them_the_layers_are_compared_and_the_manifest_says_why()
    {
        _capture.Plan = _capture.Plan with { Export = new ExportOptions { Method = ExportMethod.Runtime } };
        _capture.Runtime.Root = new RootLocation(Layers, null);
        _capture.Runtime.Containers[CaptureFixture.App].Export =
            () => new MemoryStream(TestArchive.Of(("etc/", ""), ("etc/passwd", "root"), ("tmp/", ""), ("tmp/intruder", "evil")));
        _capture.Runtime.Before = (call, _) => call.StartsWith("diff", StringComparison.Ordinal)
            ? throw new RuntimeException(Reasons.RuntimeFailed, "The Docker daemon answered 500: file name too long.")
            : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Store.Text("web-aaaaaaaaaaaa-diff.txt").Should().Contain("A /tmp/intruder\n");
        _capture.Artifact("diff").Should().BeEquivalentTo(
            new { Method = ExportMethod.Layers, MethodReason = "The Docker daemon answered 500: file name too long." });
    }

    [Test]
    public async Task What_the_container_wrote_is_stored_before_any_whole_file_system()
    {
        _capture.Runtime.Root = new RootLocation(Layers, null);

        await _capture.RunAsync();

        NamesIn("web-aaaaaaaaaaaa-changes.tar").Should().Contain("tmp/intruder").And.NotContain("etc/passwd");
        _capture.Store.CommitOrder.Should().ContainInOrder("web-aaaaaaaaaaaa-diff.txt", "web-aaaaaaaaaaaa-changes.tar", Export);
    }

    [Test]
    public async Task Where_only_the_containers_own_layer_can_be_read_what_it_wrote_is_stored_whole_and_all_else_says_why_not()
    {
        _capture.Runtime.HasExport = false;
        _capture.Runtime.Root = RootLocation.Unreachable(Reasons.UnsupportedStorage, "It is kept by 'stargz'.") with
        {
            OwnLayer = Layers with { Lowers = [], LacksLowers = true },
        };

        (await _capture.RunAsync()).Complete.Should().BeFalse();

        NamesIn("web-aaaaaaaaaaaa-changes.tar").Should().Contain("tmp/intruder");
        _capture.Artifact("changes").Should().BeEquivalentTo(new { State = CaptureState.Captured, Method = ExportMethod.Layers });
        foreach (var type in new[] { "diff", "export" })
        {
            _capture.Artifact(type).Should().BeEquivalentTo(
                new { State = CaptureState.Failed, Reason = Reasons.UnsupportedStorage, Message = "It is kept by 'stargz'." });
        }
    }

    [TestCase(CompressionKind.Zstd, ".zst")]
    public async Task Both_archives_are_compressed_if_that_is_asked_for(CompressionKind compression, string suffix)
    {
        _capture.Runtime.Root = new RootLocation(Layers, null);
        _capture.Plan = _capture.Plan with { Export = new ExportOptions { Compression = compression } };

        await _capture.RunAsync();

        _capture.Store.Objects.Keys.Should().Contain([$"web-aaaaaaaaaaaa-changes.tar{suffix}", Export + suffix]);
    }

    [Test]
    public async Task Where_they_cannot_the_runtime_exports_and_the_manifest_says_why()
    {
        _capture.Runtime.Root = RootLocation.Unreachable(Reasons.UnsupportedStorage, "It is kept by btrfs.");

        (await _capture.RunAsync()).Complete.Should().BeTrue();

        _capture.Artifact("export").Should().BeEquivalentTo(new { Method = ExportMethod.Runtime, MethodReason = "It is kept by btrfs." });
        _capture.Store.Objects.Keys.Should().NotContain("web-aaaaaaaaaaaa-changes.tar");
    }

    [Test]
    public async Task Layers_that_are_not_all_of_it_are_no_reason_to_leave_the_runtimes_export()
    {
        _capture.Runtime.Root = new RootLocation(Layers, new RootProblem(Reasons.SandboxedRuntime, "It runs on gVisor."));

        await _capture.RunAsync();

        _capture.Artifact("export").Should().BeEquivalentTo(new { Method = ExportMethod.Runtime, MethodReason = "It runs on gVisor." });
    }

    [Test]
    public async Task Asked_for_they_are_read_and_what_they_lack_makes_the_export_partial()
    {
        _capture.Runtime.Root = new RootLocation(Layers, new RootProblem(Reasons.SandboxedRuntime, "It runs on gVisor."));
        _capture.Plan = _capture.Plan with { Export = new ExportOptions { Method = ExportMethod.Layers } };

        await _capture.RunAsync();

        _capture.Artifact("export").Should().BeEquivalentTo(
            new { State = CaptureState.Partial, Reason = Reasons.SandboxedRuntime, Method = ExportMethod.Layers });
    }

    [Test]
    public async Task Asked_for_and_out_of_reach_they_fail_and_nothing_is_taken_instead()
    {
        _capture.Plan = _capture.Plan with { Export = new ExportOptions { Method = ExportMethod.Layers } };

        (await _capture.RunAsync()).Complete.Should().BeFalse();

        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.LayersUnreachable });
        _capture.Runtime.Calls.Should().NotContain(call => call.StartsWith("export", StringComparison.Ordinal));
    }

    [Test]
    public async Task The_runtimes_export_is_taken_if_it_is_asked_for()
    {
        _capture.Runtime.Root = new RootLocation(Layers, null);
        _capture.Plan = _capture.Plan with { Export = new ExportOptions { Method = ExportMethod.Runtime } };

        await _capture.RunAsync();

        _capture.Artifact("export").Should().BeEquivalentTo(new { Method = ExportMethod.Runtime, MethodReason = (string?)null });
        _capture.Artifacts.Select(artifact => artifact.Type).Should().NotContain(["changes", "notes"]);
    }

    [Test]
    public async Task A_socket_is_left_out_by_rule_and_leaves_the_capture_complete()
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_layers.Path, "own/tmp/s")));
        _capture.Runtime.Root = new RootLocation(Layers, null);

        (await _capture.RunAsync()).Complete.Should().BeTrue();

        _capture.Artifact("export").Tally.Should().Be(new EntryTally { Captured = 5, Skipped = 1 });
        _capture.Store.Text("web-aaaaaaaaaaaa-notes.jsonl").Should().Be("{\"note\":\"Socket\",\"path\":\"/tmp/s\"}\n");
    }

    /// <summary>overlayfs' marks in user.overlay.*: those that a process without rights can see.</summary>
    private RootLayers Layers => new("overlay2", Path.Combine(_layers.Path, "own"), [Path.Combine(_layers.Path, "image")]) { HasUserMarks = true };

    private void Write(string path, string content)
    {
        var file = Path.Combine(_layers.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private List<string> NamesIn(string archive)
    {
        var names = new List<string>();
        using var reader = new TarReader(new MemoryStream(_capture.Store.Objects[archive]));
        while (reader.GetNextEntry() is { } entry) names.Add(entry.Name);
        return names;
    }
}
