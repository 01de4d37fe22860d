using System.Text;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>A runtime without an export, as of the CRI: diff and archive come from the layers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LayerCaptureTests : IDisposable
{
    private readonly CaptureFixture _capture = new();
    private readonly TemporaryFolder _layers = new();

    public LayerCaptureTests()
    {
        Write("lower/etc/passwd", "root");
        Write("lower/bin/sh", "sh");
        Write("upper/etc/passwd", "root and evil");
        Write("upper/tmp/intruder", "gotcha");
        _capture.Runtime.HasExport = false;
        // The marks that an ordinary user may see: these tests need no rights.
        _capture.Runtime.Root = new RootLocation(
            new RootLayers("overlayfs", Path.Combine(_layers.Path, "upper"), [Path.Combine(_layers.Path, "lower")]) { HasUserMarks = true }, null);
    }

    public void Dispose()
    {
        _capture.Dispose();
        _layers.Dispose();
    }

    [Test]
    public async Task Diff_and_archive_come_from_the_layers()
    {
        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        _capture.Store.Text(_capture.Artifact("diff").Name).Split('\n').Should().Contain(["C /etc", "C /etc/passwd", "A /tmp", "A /tmp/intruder"]);
        Encoding.UTF8.GetString(_capture.Store.Objects[_capture.Artifact("export").Name]).Should().Contain("root and evil").And.Contain("gotcha");
        _capture.Artifact("export").Entries.Should().BeGreaterThan(5);
    }

    [Test]
    public async Task A_runtime_that_has_a_diff_is_not_asked_for_it_where_the_layers_are_read()
    {
        _capture.Runtime.HasExport = true;

        await _capture.RunAsync();

        _capture.Artifact("diff").Should().BeEquivalentTo(new { State = CaptureState.Captured, Method = ExportMethod.Layers });
        _capture.Store.Text(_capture.Artifact("diff").Name).Should().Contain("A /tmp/intruder");
    }

    [TestCase(0, CaptureState.Captured)]
    [TestCase(5000, CaptureState.Partial)]
    public async Task The_layers_are_compared_in_the_place_of_a_runtime_that_fails_but_never_mixed_with_what_it_said(int said, CaptureState state)
    {
        _capture.Runtime.HasExport = true;
        _capture.Plan = _capture.Plan with { Export = _capture.Plan.Export with { Method = ExportMethod.Runtime } };
        var app = _capture.Runtime.Containers[CaptureFixture.App];
        app.Changes = [.. Enumerable.Range(0, said).Select(i => new FileChange(ChangeKind.Added, $"/tmp/of-the-runtime/{i}"))];
        app.DiffBreaksOff = new RuntimeException(Reasons.RuntimeFailed, "It sent nothing for 120 s.");

        await _capture.RunAsync();

        _capture.Artifact("diff").State.Should().Be(state);
        var lines = _capture.Store.Text(_capture.Artifact("diff").Name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().OnlyHaveUniqueItems();
        lines.Should().OnlyContain(line => line.Contains("of-the-runtime") == (said > 0));
        if (said > 0) lines.Should().HaveCount(said);
    }

    [Test]
    public async Task Layers_that_are_not_all_there_is_are_partial()
    {
        _capture.Runtime.Root = _capture.Runtime.Root with { Problem = new RootProblem(Reasons.SandboxedRuntime, "It runs on gVisor.") };

        await _capture.RunAsync();

        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.SandboxedRuntime, Message = "It runs on gVisor." });
    }

    /// <summary>Each question costs the time after which a silent daemon is given up, minutes in which the evidence waits.</summary>
    [Test]
    public async Task A_runtime_that_falls_silent_is_asked_once_whether_the_container_is_still_there()
    {
        var inspected = 0;
        _capture.Runtime.Before = (call, _) => call == $"inspect {CaptureFixture.App}" && ++inspected > 1
            ? throw new RuntimeException(Reasons.RuntimeFailed, "It sent nothing for 120 s.")
            : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Complete.Should().BeTrue(outcome.Message);
        inspected.Should().Be(2, "diff, changes and export all came from the layers, and the first of them asked");
    }

    [Test]
    public async Task Layers_that_cannot_be_reached_are_a_failure_with_what_was_met()
    {
        _capture.Runtime.Root = RootLocation.Unreachable(Reasons.UnsupportedStorage, "The snapshotter 'devmapper' keeps the container as 'ext4'.");

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.Incomplete);
        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.UnsupportedStorage });
        _capture.Artifact("diff").State.Should().Be(CaptureState.Failed);
        _capture.Artifact("logs").State.Should().Be(CaptureState.Captured);
    }

    [Test]
    public async Task A_container_that_is_removed_while_its_layers_are_read_is_said_to_be_gone()
    {
        var inspections = 0;
        _capture.Runtime.Before = (call, _) => call.StartsWith("inspect", StringComparison.Ordinal) && ++inspections > 1
            ? throw new RuntimeException(Reasons.ContainerGone, "No such container.")
            : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.ContainerGone);
        foreach (var type in new[] { "diff", "changes", "export" })
            _capture.Artifact(type).Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.ContainerGone }, type);
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_layers.Path, path))!);
        File.WriteAllText(Path.Combine(_layers.Path, path), content);
    }
}
