using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryClusterTests : ClusterApiContract
{
    private readonly InMemoryCluster _cluster = new(TimeProvider.System, new CaptureOptions().WorkerNamespace);

    protected override IClusterApi Api => _cluster;

    protected override CaptureOptions Options { get; } = new();
}
