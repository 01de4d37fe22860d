using Forensics.Agent.Capture;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Storage;
using Forensics.Api;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Capture;

/// <summary>What a capture saves, says and stops at when something fails.</summary>
[TestFixture]
internal sealed class PodCaptureFailureTests
{
    private const string App = CaptureFixture.App;
    private const string Export = "web-aaaaaaaaaaaa-export.tar";
    private CaptureFixture _capture = null!;

    [SetUp]
    public void Prepare() => _capture = new CaptureFixture(deadline: TimeSpan.FromMinutes(30));

    [TearDown]
    public void Clean() => _capture.Dispose();

    [TestCase(Reasons.AccessDenied)]
    [TestCase(Reasons.BucketNotFound)]
    [TestCase(Reasons.StoreUnreachable)]
    [TestCase(Reasons.StoreFailed)]
    public async Task A_store_that_refuses_the_first_object_ends_it_with_nothing_read(string reason)
    {
        _capture.Store.BeforeCreate = (_, _) => throw new StoreException(reason, "Do this.");

        var outcome = await _capture.RunAsync();

        outcome.Should().BeEquivalentTo(new { Complete = false, Reason = reason, Location = _capture.Store.Location });
        outcome.Message.Should().StartWith("Do this.");
        _capture.Runtime.Calls.Should().BeEmpty();
        _capture.Store.Objects.Should().BeEmpty();
    }

    [Test]
    public async Task A_store_that_does_not_answer_is_given_up_in_bounded_time()
    {
        _capture.Store.BeforeCreate = (_, token) => Never.EndsAsync(token);

        var run = _capture.RunAsync();
        _capture.Clock.Advance(TimeSpan.FromSeconds(91));

        (await Eventually.EndsAsync(run)).Reason.Should().Be(Reasons.StoreUnreachable);
    }

    [TestCase("inspect")]
    [TestCase("logs")]
    [TestCase("diff")]
    public async Task One_artifact_that_fails_costs_only_itself(string call)
    {
        var failures = 0;
        _capture.Runtime.Before = (made, _) => made.StartsWith(call, StringComparison.Ordinal) && failures++ == 0
            ? throw new RuntimeException(Reasons.RuntimeFailed, "The daemon answered 500.")
            : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Should().BeEquivalentTo(new { Complete = false, Reason = Reasons.Incomplete });
        outcome.Message.Should().Contain("1 of 10 artifacts").And.Contain("The daemon answered 500.").And.Contain(_capture.Store.Location);
        _capture.Artifact(call).Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.RuntimeFailed, Sha256 = (string?)null });
        _capture.Artifacts.Where(a => a.Type != call).Should().OnlyContain(a => a.State == CaptureState.Captured);
        _capture.Manifest.Should().BeEquivalentTo(new { Complete = false, Reason = Reasons.Incomplete });
        _capture.Manifest.Missing.Should().ContainSingle();
        _capture.Manifest.Containers.Single().State.Should().Be(CaptureState.Failed);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_diff_that_breaks_off_has_what_came_before(bool isToldToBeCut)
    {
        _capture.Runtime.Containers[App].Changes = [new FileChange(ChangeKind.Added, "/tmp/intruder"), new FileChange(ChangeKind.Deleted, "/var/log/auth.log")];
        _capture.Runtime.Containers[App].DiffBreaksOff = new RuntimeException(Reasons.RuntimeFailed, "It sent nothing for 120 s.") { IsCut = isToldToBeCut };

        await _capture.RunAsync();

        _capture.Artifact("diff").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.RuntimeFailed });
        _capture.Store.Text(_capture.Artifact("diff").Name).Should().Be("A /tmp/intruder\nD /var/log/auth.log\n");
    }

    [Test]
    public async Task An_export_that_fails_costs_what_is_made_from_it_and_nothing_else()
    {
        FailOn("export", new RuntimeException(Reasons.RuntimeFailed, "The daemon answered 500."));

        var outcome = await _capture.RunAsync();

        outcome.Message.Should().Contain("3 of 10 artifacts").And.Contain("The daemon answered 500.");
        _capture.Artifacts.Where(a => a.State != CaptureState.Captured).Should()
            .OnlyContain(a => a.State == CaptureState.Failed && a.Reason == Reasons.RuntimeFailed && a.Sha256 == null)
            .And.Subject.Select(a => a.Type).Should().Equal("export", "inventory", "bodyfile");
    }

    [Test]
    public async Task An_inventory_that_the_store_refuses_costs_only_itself()
    {
        var files = Enumerable.Range(0, 20_000).Select(i => ($"{new string('d', 90)}{i}", "")).ToArray();
        _capture.Runtime.Containers[App].Export = () => new MemoryStream(TestArchive.Of(files));
        _capture.Store.BeforeCreate = (name, _) => name.EndsWith("inventory.jsonl", StringComparison.Ordinal)
            ? throw new StoreException(Reasons.StoreFailed, "No.")
            : Task.CompletedTask;

        await Eventually.EndsAsync(_capture.RunAsync());

        _capture.Artifacts.Where(a => a.State != CaptureState.Captured).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Type = "inventory", State = CaptureState.Failed, Reason = Reasons.StoreFailed });
    }

    [Test]
    public async Task An_inventory_of_an_export_that_is_cut_has_what_came_and_says_so()
    {
        var archive = TestArchive.Of(("a", "x"), ("b", new string('x', 5000)));
        _capture.Runtime.Containers[App].Export = () => new MemoryStream(archive[..4000]);

        await _capture.RunAsync();

        _capture.Artifact("inventory").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.StreamTruncated });
        _capture.Artifact("inventory").Message.Should().Contain(Export);
        _capture.Store.Text("web-aaaaaaaaaaaa-inventory.jsonl").Should().Contain("\"/b\"").And.EndWith(",\"cut\":true}\n");
    }

    [Test]
    public async Task An_inventory_of_an_export_that_breaks_off_with_an_error_ends_the_line_of_the_file_in_hand()
    {
        var archive = TestArchive.Of(("a", "x"), ("b", new string('x', 5000)));
        _capture.Runtime.Containers[App].Export = () => new ChoppedStream(
            archive[..4000], [500], new RuntimeException(Reasons.StreamTruncated, "Broke off.") { IsCut = true });

        await _capture.RunAsync();

        _capture.Artifact("inventory").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.StreamTruncated });
        _capture.Store.Text("web-aaaaaaaaaaaa-inventory.jsonl").Should().Contain("\"/a\"").And.Contain("\"/b\"").And.EndWith(",\"cut\":true}\n");
    }

    [Test]
    public async Task A_container_that_is_gone_leaves_the_pods_metadata_and_the_reason()
    {
        _capture.Runtime.Containers.Clear();

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.ContainerGone);
        outcome.Message.Should().Contain("Keep the pod");
        _capture.Store.Objects.Keys.Should().Contain(["web.yaml", "SHA256SUMS", "manifest.json"]);
        _capture.Manifest.Containers.Single().Artifacts.Should().HaveCount(7).And.OnlyContain(a => a.Reason == Reasons.ContainerGone);
    }

    [Test]
    public async Task An_export_that_is_cut_keeps_what_came()
    {
        var archive = TestArchive.Of(("a", new string('x', 5000)));
        _capture.Runtime.Containers[App].Export = () => new ChoppedStream(
            archive[..3000], [500], new RuntimeException(Reasons.StreamTruncated, "Broke off.") { IsCut = true });

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.Incomplete);
        _capture.Store.Objects[Export].Should().Equal(archive[..3000]);
        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.StreamTruncated });
    }

    [Test]
    public async Task An_export_cut_because_the_container_was_removed_says_so()
    {
        _capture.Runtime.Containers[App].Export = () =>
        {
            _capture.Runtime.Containers.Clear();
            return new ChoppedStream(TestArchive.Of(("a", "x"))[..600], [500], new RuntimeException(Reasons.StreamTruncated, "cut") { IsCut = true });
        };

        (await _capture.RunAsync()).Reason.Should().Be(Reasons.ContainerGone);
        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.ContainerGone });
    }

    [Test]
    public async Task An_archive_that_ends_cleanly_but_too_soon_is_partial()
    {
        _capture.Runtime.Containers[App].Export = () => new MemoryStream(TestArchive.Of(("a", new string('x', 5000)))[..3000]);

        await _capture.RunAsync();

        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.StreamTruncated, Bytes = 3000 });
    }

    [Test]
    public async Task A_path_that_the_daemon_left_out_is_named()
    {
        _capture.Runtime.Containers[App].Changes = [new(ChangeKind.Added, "/etc/passwd"), new(ChangeKind.Added, "/etc/shadow")];

        await _capture.RunAsync();

        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.EntriesMissing });
        _capture.Artifact("export").Unreadable.Should().Equal("/etc/shadow");
    }

    [Test]
    public async Task What_nobody_foresaw_costs_only_the_artifact_that_it_met()
    {
        _capture.Runtime.Before = (made, _) => made.StartsWith("diff", StringComparison.Ordinal) ? throw new InsufficientMemoryException("no more") : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.Incomplete);
        _capture.Artifact("diff").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.AgentFailed });
        _capture.Artifact("diff").Message.Should().Contain("InsufficientMemoryException: no more");
        _capture.Artifact("export").State.Should().Be(CaptureState.Captured);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Layers_that_nobody_can_say_the_place_of_cost_what_is_made_of_them_and_not_the_description(bool isForeseen)
    {
        _capture.Runtime.HasExport = false;
        _capture.Runtime.Before = (made, _) => !made.StartsWith("locate", StringComparison.Ordinal)
            ? Task.CompletedTask
            : throw (isForeseen ? new RuntimeException(Reasons.RuntimeFailed, "The snapshotter is down.") : new IOException("The snapshotter is down."));

        await _capture.RunAsync();

        _capture.Artifact("inspect").State.Should().Be(CaptureState.Captured);
        _capture.Artifact("export").State.Should().Be(CaptureState.Failed);
        _capture.Artifact("export").Message.Should().Contain("The snapshotter is down.");
    }

    [Test]
    public async Task Logs_that_no_driver_keeps_are_skipped_by_rule()
    {
        FailOn("logs", new RuntimeException(Reasons.LogsUnavailable, "The log driver is none."));

        (await _capture.RunAsync()).Complete.Should().BeTrue();
        _capture.Artifact("logs").Should().BeEquivalentTo(new { State = CaptureState.Skipped, Reason = Reasons.LogsUnavailable });
    }

    [Test]
    public async Task A_runtime_that_cannot_be_reached_is_asked_once_and_every_artifact_says_so()
    {
        _capture.Runtime.Before = (_, _) => throw new RuntimeException(Reasons.RuntimeUnreachable, "No socket. Mount it.");

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.RuntimeUnreachable);
        outcome.Message.Should().StartWith("No socket. Mount it.");
        _capture.Runtime.Calls.Should().Equal("identify");
        _capture.Manifest.Containers.Single().Artifacts.Should().HaveCount(7).And.OnlyContain(a => a.Reason == Reasons.RuntimeUnreachable);
    }

    [Test]
    public async Task A_list_that_fails_makes_the_capture_incomplete_since_containers_may_be_missing()
    {
        FailOn("list", new RuntimeException(Reasons.RuntimeFailed, "no list"));

        (await _capture.RunAsync()).Reason.Should().Be(Reasons.Incomplete);
        _capture.Manifest.Missing.Single().Should().Contain("did not say which containers");
    }

    [Test]
    public async Task An_answer_that_nobody_foresaw_costs_no_manifest()
    {
        FailOn("list", new System.Text.Json.JsonException("'<' is no value."));

        (await _capture.RunAsync()).Reason.Should().Be(Reasons.Incomplete);
        _capture.Manifest.Missing.Single().Should().Contain("did not say which containers").And.Contain("JsonException");
    }

    [Test]
    public async Task Metadata_that_was_cut_is_partial_and_says_what_is_missing()
    {
        _capture.Plan = _capture.Plan with { MetadataCuts = ["describe.txt: 120 events"] };

        await _capture.RunAsync();

        _capture.Artifact("describe").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.MetadataTruncated, Message = "describe.txt: 120 events" });
        _capture.Artifact("pod").State.Should().Be(CaptureState.Captured);
    }

    [Test]
    public async Task Metadata_that_is_not_in_the_plan_has_failed()
    {
        _capture.Metadata = new PodMetadata(null, "x"u8.ToArray());

        await _capture.RunAsync();

        _capture.Artifact("pod").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.InvalidPlan });
    }

    [Test]
    public async Task A_store_that_goes_away_midway_ends_the_capture()
    {
        _capture.Store.BeforeCreate = (name, _) => name == Export
            ? throw new StoreException(Reasons.StoreUnreachable, "Gone.")
            : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Reason.Should().Be(Reasons.StoreUnreachable);
        _capture.Artifact("export").State.Should().Be(CaptureState.Failed);
        outcome.ManifestSha256.Should().NotBeNull("the store took it after all");
    }

    [Test]
    public async Task A_manifest_that_cannot_be_stored_ends_it_with_the_stores_reason()
    {
        _capture.Store.BeforeCreate = (name, _) => name == EvidenceNames.Manifest
            ? throw new StoreException(Reasons.StoreFailed, "Disk full.")
            : Task.CompletedTask;

        var outcome = await _capture.RunAsync();

        outcome.Should().BeEquivalentTo(new { Complete = false, Reason = Reasons.StoreFailed, ManifestSha256 = (string?)null });
        outcome.Message.Should().Contain("has no manifest");
    }

    [Test]
    public async Task A_signal_ends_reading_and_the_folder_is_still_closed()
    {
        _capture.Runtime.Before = (call, token) =>
        {
            if (!call.StartsWith("export", StringComparison.Ordinal)) return Task.CompletedTask;
            _capture.Lifetime.Stop(Reasons.Cancelled, "Told to end.");
            return Never.EndsAsync(token);
        };

        var outcome = await Eventually.EndsAsync(_capture.RunAsync());

        outcome.Should().BeEquivalentTo(new { Complete = false, Reason = Reasons.Cancelled });
        _capture.Artifact("export").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.Cancelled });
        _capture.Manifest.Reason.Should().Be(Reasons.Cancelled);
    }

    [Test]
    public async Task The_deadline_ends_reading_and_what_remains_says_so()
    {
        _capture.Runtime.Before = (call, token) =>
        {
            if (!call.StartsWith("logs", StringComparison.Ordinal)) return Task.CompletedTask;
            _capture.Clock.Advance(TimeSpan.FromMinutes(31));
            return Never.EndsAsync(token);
        };

        var outcome = await Eventually.EndsAsync(_capture.RunAsync());

        outcome.Reason.Should().Be(Reasons.DeadlineExceeded);
        _capture.Manifest.Containers.Single().Artifacts.Select(a => a.State)
            .Should().Equal([CaptureState.Captured, .. Enumerable.Repeat(CaptureState.Failed, 6)]);
    }

    [Test]
    public async Task A_store_that_hangs_after_the_signal_does_not_hold_the_agent_beyond_its_grace()
    {
        _capture.Runtime.Before = (call, _) =>
        {
            if (call.StartsWith("export", StringComparison.Ordinal)) _capture.Lifetime.Stop(Reasons.Cancelled, "Told to end.");
            return Task.CompletedTask;
        };
        var closing = new TaskCompletionSource();
        _capture.Store.BeforeCreate = (name, token) =>
        {
            if (name != EvidenceNames.Sums) return Task.CompletedTask;
            closing.SetResult();
            return Never.EndsAsync(token);
        };

        var run = _capture.RunAsync();
        await Eventually.EndsAsync(closing.Task);
        _capture.Clock.Advance(CaptureLifetime.Grace);

        var outcome = await Eventually.EndsAsync(run);
        outcome.Reason.Should().Be(Reasons.Cancelled);
        outcome.Message.Should().Contain("no manifest");
    }

    [Test]
    public async Task Of_many_containers_the_outcome_still_fits_a_termination_message()
    {
        foreach (var i in Enumerable.Range(0, 60)) _capture.Runtime.Held.Add(new HeldContainer($"{i:d12}{new string('f', 52)}", $"container-{i}", false, null, null));

        var outcome = await _capture.RunAsync();

        outcome.ToTerminationMessage().Length.Should().BeLessThanOrEqualTo(CaptureOutcome.MaxBytes);
        _capture.Manifest.Containers.Should().HaveCount(61);
    }

    private void FailOn(string call, Exception error) =>
        _capture.Runtime.Before = (made, _) => made.StartsWith(call, StringComparison.Ordinal) ? throw error : Task.CompletedTask;
}
