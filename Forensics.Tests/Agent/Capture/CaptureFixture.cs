using System.Text.Json;
using Forensics.Agent.Capture;
using Forensics.Agent.Runtimes;
using Forensics.Api;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Capture;

/// <summary>A capture of pod <c>shop/web</c> with one container <c>app</c>, against a store and a runtime in memory.</summary>
internal sealed class CaptureFixture : IDisposable
{
    public const string App = "aaaaaaaaaaaa1111";
    private readonly List<CaptureProgress> _progress = [];

    public CaptureFixture(TimeSpan? deadline = null)
    {
        Lifetime = new CaptureLifetime(deadline, Clock);
        Runtime.Containers[App] = new FakeContainer();
    }

    public TestClock Clock { get; } = new();
    public InMemoryEvidenceStore Store { get; } = new();
    public FakeContainerRuntime Runtime { get; } = new();
    public CaptureLifetime Lifetime { get; }
    public HostLayout Layout { get; set; } = HostLayout.Direct;
    public IReadOnlyList<CaptureProgress> Progress => _progress;
    public PodMetadata? Metadata { get; set; } = new("kind: Pod\n"u8.ToArray(), "Name: web\n"u8.ToArray());

    public CapturePlan Plan { get; set; } = new()
    {
        CreatedAt = DateTimeOffset.UnixEpoch,
        PodCheckpoint = new PodCheckpointReference { Namespace = "sec", Name = "case-1", Uid = "u" },
        Destination = "s3://bucket/forensics",
        Target = new CaptureTarget { Namespace = "shop", Pod = "web", Uid = "pod-uid", RuntimeUid = "pod-uid", Runtime = "docker" },
        Containers = [new PlannedContainer { Name = "app", Kind = ContainerKind.Regular, Id = App, Image = "app:1" }],
    };

    public Manifest Manifest => JsonSerializer.Deserialize(Store.Objects[EvidenceNames.Manifest], ApiJson.Compact.Manifest)!;

    public IEnumerable<ArtifactRecord> Artifacts => Manifest.Artifacts.Concat(Manifest.Containers.SelectMany(c => c.Artifacts));

    public ArtifactRecord Artifact(string type) => Artifacts.Single(artifact => artifact.Type == type);

    public Task<CaptureOutcome> RunAsync()
    {
        var order = new CaptureOrder { Plan = Plan, Agent = new AgentIdentity { Version = "1.0", PodUid = "agent-uid" }, Metadata = Metadata };
        var progress = new ProgressReporter(Clock, _progress.Add);
        return new PodCapture(order, Store, Runtime, Layout, progress, Lifetime, Clock, NullLogger.Instance).RunAsync();
    }

    public void Dispose() => Lifetime.Dispose();
}
