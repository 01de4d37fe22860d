namespace Forensics.Tests.Cluster;

/// <summary>Holds the deployed controller at no replicas, so that a test's own has the cluster to itself. Where none is deployed
/// there is nothing to hold.</summary>
internal sealed class DeployedControllerStopped : IAsyncDisposable
{
    private readonly bool _isDeployed;

    private DeployedControllerStopped(bool isDeployed) => _isDeployed = isDeployed;

    public static async Task<DeployedControllerStopped> HoldAsync()
    {
        if ((await RealCluster.KubectlAsync("get", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, "--ignore-not-found", "-o", "name")).Length == 0)
            return new DeployedControllerStopped(isDeployed: false);

        await ScaleAsync(0);
        await RealCluster.KubectlAsync(
            "wait", "-n", RealCluster.SystemNamespace, "pod", "-l", "control-plane=controller-manager", "--for=delete", "--timeout=60s");
        return new DeployedControllerStopped(isDeployed: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDeployed) return;
        await ScaleAsync(1);
        await RealCluster.KubectlAsync(
            "rollout", "status", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, "--timeout=90s");
    }

    private static Task<string> ScaleAsync(int replicas) => RealCluster.KubectlAsync(
        "scale", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, $"--replicas={replicas}");
}
