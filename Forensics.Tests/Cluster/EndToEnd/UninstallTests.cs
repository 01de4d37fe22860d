using Forensics.Api;
using Forensics.Local;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>What was deployed is taken away as it was brought, in mid-capture and in whatever order, and nothing hangs for want of
/// somebody who would have to clean up.</summary>
[Category("Cluster")]
public sealed class UninstallTests
{
    // What hangs hangs for ever. What does not takes 50 to 80 s: a namespace goes after its last pod, and looks for that ever less often.
    private static readonly TimeSpan LongestGoing = TimeSpan.FromMinutes(5);

    // What the deploy task has applied.
    private static string Kustomization => LocalPaths.FromEnvironment().StateOf("deployment");

    [TearDown]
    public async Task DeployAgainAsync()
    {
        await RealCluster.KubectlAsync("apply", "-k", Kustomization);
        await RealCluster.KubectlAsync(
            "rollout", "status", "-n", RealCluster.SystemNamespace, RealCluster.ControllerDeployment, $"--timeout={LongestGoing.TotalSeconds:0}s");
    }

    [TestCase("namespace/forensics-system", TestName = "The controller is gone before all else, and nothing waits for it")]
    [TestCase("crd/podcheckpoints.forensics.keikoproj.io", TestName = "The PodCheckpoints are gone before all else, and nothing of them stays")]
    [TestCase("namespace/forensics-workers", Category = "Long", TestName = "The agents are gone before all else, and nothing waits for them")]
    [TestCase("clusterrolebinding/forensics-manager-rolebinding", Category = "Long", TestName = "The controller's rights are gone before all else, and nothing waits for it")]
    public async Task All_that_was_deployed_goes(string first)
    {
        await using var scenario = await CapturingAsync();

        await RealCluster.KubectlAsync("delete", first, "--wait=false");
        await RealCluster.KubectlAsync("delete", "-k", Kustomization, "--ignore-not-found", $"--timeout={LongestGoing.TotalSeconds:0}s");

        (await RealCluster.KubectlAsync("get", "-k", Kustomization, "--ignore-not-found", "-o", "name")).Should().BeEmpty();
        await RealCluster.KubectlAsync("delete", "namespace", scenario.Namespace, $"--timeout={LongestGoing.TotalSeconds:0}s");
    }

    private static async Task<Scenario> CapturingAsync()
    {
        var scenario = await Scenario.StartAsync();
        await scenario.RunBigPodAsync(new TargetPod("bad-pod"), mebibytes: 400);
        await scenario.CheckpointAsync("case-1", "bad-pod");
        await scenario.EventuallyAsync("case-1", "the agent runs", status => status.Phase == Phase.Capturing);
        return scenario;
    }
}
