using System.Text.Json;
using Forensics.Agent.Capture;
using Forensics.Agent.Retries;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Runtimes.Docker;
using Forensics.Api;
using Forensics.Tests.Cluster;
using Forensics.Tests.Fakes;
using Forensics.Tests.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Capture;

/// <summary>A real Docker daemon hangs or dies in the middle of what it sends. That one artifact is the worse for it; all that needs no daemon
/// goes on: layers, volumes, metadata.</summary>
[Category("Cluster")]
internal sealed class DaemonTroubleTests
{
    // Far more than what sockets hold between the daemon and us: the harm is done in the middle.
    private const string Script = $"{TargetPod.Intrusion}; yes 0123456789012345678901234567890123456789 | head -c 20000000; dd if=/dev/zero of=/large bs=1M count=20";
    private const string Pod = "web";

    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(1);
    private static readonly string[] WithoutDaemon = ["capture", "pod", "describe", "volume", "diff", "changes", "export", "notes", "inventory", "bodyfile"];

    private TemporaryFolder _volume = null!;
    private OwnDocker _docker = null!;
    private string _id = "";

    [OneTimeSetUp]
    public async Task StartDaemonAsync()
    {
        _volume = new TemporaryFolder();
        _docker = await OwnDocker.StartAsync();
        _id = await _docker.RunToEndAsync(Script);
        await File.WriteAllTextAsync(Path.Combine(_volume.Path, "dropped"), "evil");
    }

    [OneTimeTearDown]
    public async Task StopDaemonAsync()
    {
        await _docker.DisposeAsync();
        _volume.Dispose();
    }

    [TearDown]
    public async Task MakeDaemonWellAsync()
    {
        await _docker.Daemon.ResumeAsync();
        await _docker.Daemon.StartAsync(CancellationToken.None);
    }

    [Test]
    public async Task One_that_hangs_while_it_sends_the_log_costs_the_log_and_what_only_it_can_tell()
    {
        var manifest = await CaptureAsync(ExportMethod.Auto, EvidenceNames.Logs(Pod, _id), () => _docker.Daemon.PauseAsync());

        Of(manifest, "logs").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.RuntimeFailed });
        Of(manifest, "logs").Message.Should().Be("The Docker daemon has sent nothing for 1 s; it may hang.");
        Of(manifest, "history").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.RuntimeFailed });
        ShouldBeCaptured(manifest, "inspect", WithoutDaemon);
        manifest.Missing.Should().HaveCount(2);
    }

    [Test]
    public async Task One_that_is_killed_while_it_sends_the_log_costs_the_rest_of_the_log_and_what_only_it_can_tell()
    {
        var manifest = await CaptureAsync(ExportMethod.Auto, EvidenceNames.Logs(Pod, _id), () => _docker.Daemon.KillAsync(CancellationToken.None));

        Of(manifest, "logs").Should().BeEquivalentTo(new { State = CaptureState.Partial, Reason = Reasons.StreamTruncated });
        Of(manifest, "logs").Bytes.Should().BePositive();
        Of(manifest, "history").Should().BeEquivalentTo(new { State = CaptureState.Failed, Reason = Reasons.RuntimeUnreachable });
        ShouldBeCaptured(manifest, "inspect", WithoutDaemon);
        manifest.Missing.Should().HaveCount(2);
    }

    [Test]
    public async Task One_that_hangs_while_it_exports_costs_the_export_and_what_is_made_from_it()
    {
        var manifest = await CaptureAsync(ExportMethod.Runtime, EvidenceNames.Export(Pod, _id), () => _docker.Daemon.PauseAsync());

        foreach (var type in new[] { "export", "inventory", "bodyfile" })
            Of(manifest, type).Should().BeEquivalentTo(new { State = type == "export" ? CaptureState.Failed : CaptureState.Partial, Reason = Reasons.RuntimeFailed });
        ShouldBeCaptured(manifest, "inspect", "logs", "history", "diff", "volume", "capture", "pod", "describe");
        manifest.Missing.Should().HaveCount(3);
    }

    /// <param name="at">The object in the middle of which the harm is done.</param>
    private async Task<Manifest> CaptureAsync(ExportMethod method, string at, Func<Task> harm)
    {
        using var store = new InMemoryEvidenceStore();
        var pieces = 0;
        // The second piece: half a stream is there.
        store.BeforeWrite = name => name == at && ++pieces == 2 ? harm() : Task.CompletedTask;
        var options = new DockerOptions { Socket = _docker.Socket, StallTime = StallTime, Retries = new RetryLimits { MaxAttempts = 1 } };
        using var runtime = new DockerRuntime(options, TimeProvider.System, NullLogger.Instance);
        using var lifetime = new CaptureLifetime(null, TimeProvider.System);
        var order = new CaptureOrder
        {
            Agent = new AgentIdentity { Version = "1.0", PodUid = "agent-uid" },
            Metadata = new PodMetadata("kind: Pod\n"u8.ToArray(), "Name: web\n"u8.ToArray()),
            Plan = new CapturePlan
            {
                CreatedAt = TimeProvider.System.GetUtcNow(),
                PodCheckpoint = new PodCheckpointReference { Namespace = "sec", Name = "case-1", Uid = "u" },
                Destination = "s3://bucket/forensics",
                Target = new CaptureTarget { Namespace = "shop", Pod = Pod, Uid = "pod-uid", RuntimeUid = "pod-uid", Runtime = "docker" },
                Export = new ExportOptions { Method = method },
                Containers = [new PlannedContainer { Name = "app", Kind = ContainerKind.Regular, Id = _id }],
                Volumes = [new PlannedVolume { Name = "data", Kind = "emptyDir", HostPath = _volume.Path }],
            },
        };
        var capture = new PodCapture(
            order, store, runtime, HostLayout.Direct, new ProgressReporter(TimeProvider.System, _ => { }), lifetime, TimeProvider.System, NullLogger.Instance);

        var outcome = await Eventually.EndsAsync(capture.RunAsync(), TimeSpan.FromMinutes(2));

        pieces.Should().BeGreaterThanOrEqualTo(2, "the harm was done");
        outcome.Reason.Should().Be(Reasons.Incomplete, outcome.Message);
        var manifest = JsonSerializer.Deserialize(store.Objects[EvidenceNames.Manifest], ApiJson.Compact.Manifest)!;
        store.Objects.Keys.Should().BeEquivalentTo(
            [EvidenceNames.Sums, EvidenceNames.Manifest, .. All(manifest).Where(artifact => artifact.State != CaptureState.Failed).Select(artifact => artifact.Name)]);
        return manifest;
    }

    private static void ShouldBeCaptured(Manifest manifest, string type, params string[] types)
    {
        foreach (var each in (string[])[type, .. types]) Of(manifest, each).State.Should().Be(CaptureState.Captured, Of(manifest, each).Message);
    }

    private static ArtifactRecord Of(Manifest manifest, string type) => All(manifest).Single(artifact => artifact.Type == type);

    private static IEnumerable<ArtifactRecord> All(Manifest manifest) => manifest.Artifacts.Concat(manifest.Containers.SelectMany(container => container.Artifacts));
}
