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

        var held = new DeployedControllerStopped(isDeployed: true);
        try
        {
            await ScaleAsync(0);
            await RealCluster.EventuallyAsync("the deployed controller ends", RealCluster.Patience, RunningSinceAsync, since => since.Length == 0);
            return held;
        }
        catch
        {
            // Whoever fails here must not leave every test after it without a controller.
            await held.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDeployed) return;
        await ScaleAsync(1);
        await RealCluster.KubectlAsync(
            "rollout", "status", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, $"--timeout={RealCluster.Patience.TotalSeconds:0}s");
    }

    // Its containers' end is enough: their pod goes when the kubelet comes round to clean up, up to a minute later and more.
    private static Task<string> RunningSinceAsync() => RealCluster.KubectlAsync(
        "get", "-n", RealCluster.SystemNamespace, "pods", "-l", "control-plane=controller-manager",
        "-o", "jsonpath={.items[*].status.containerStatuses[*].state.running.startedAt}");

    private static Task<string> ScaleAsync(int replicas) => RealCluster.KubectlAsync(
        "scale", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, $"--replicas={replicas}");
}
