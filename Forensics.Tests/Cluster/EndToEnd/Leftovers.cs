namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>Takes away what an interrupted run of these tests has left where it would spoil this one: its refusals of agents, and
/// a controller scaled to nothing.</summary>
[SetUpFixture]
public sealed class Leftovers
{
    [OneTimeSetUp]
    public async Task RemoveAsync()
    {
        await RealCluster.KubectlAsync("delete", "validatingwebhookconfiguration", "e2e-refuses-agents", "--ignore-not-found");
        await RealCluster.KubectlAsync("delete", "resourcequota", "-n", RealCluster.WorkerNamespace, "no-pods", "--ignore-not-found");
        await RealCluster.KubectlAsync("scale", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, "--replicas=1");
    }
}
