namespace Forensics.Tests.Cluster;

/// <summary>Holds the deployed controller at no replicas, so that a test's own has the cluster to itself.</summary>
internal sealed class DeployedControllerStopped : IAsyncDisposable
{
    private DeployedControllerStopped()
    {
    }

    public static async Task<DeployedControllerStopped> HoldAsync()
    {
        await ScaleAsync(0);
        await RealCluster.KubectlAsync(
            "wait", "-n", RealCluster.SystemNamespace, "pod", "-l", "control-plane=controller-manager", "--for=delete", "--timeout=60s");
        return new DeployedControllerStopped();
    }

    public async ValueTask DisposeAsync()
    {
        await ScaleAsync(1);
        await RealCluster.KubectlAsync(
            "rollout", "status", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, "--timeout=90s");
    }

    private static Task<string> ScaleAsync(int replicas) => RealCluster.KubectlAsync(
        "scale", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, $"--replicas={replicas}");
}
