using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

[Category("Cluster")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class KubernetesClusterApiTests : ClusterApiContract, IDisposable
{
    private readonly Kubernetes _kubernetes = ClusterConnection.Open();

    protected override IClusterApi Api => new KubernetesClusterApi(_kubernetes, Options, TimeProvider.System);

    protected override CaptureOptions Options { get; } = new() { WorkerNamespace = $"cluster-api-{Guid.NewGuid():N}"[..20] };

    [SetUp]
    public Task MakeNamespaceAsync() =>
        _kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Options.WorkerNamespace } });

    [TearDown]
    public Task DeleteNamespaceAsync() => _kubernetes.CoreV1.DeleteNamespaceAsync(Options.WorkerNamespace);

    public void Dispose() => _kubernetes.Dispose();
}
