using Forensics.Api;
using Forensics.Tests.Cluster.Faults;

namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>A leader stands still (SIGSTOP) with a request on its way. Another one leads, ends the capture and clears up after it. Then
/// the request arrives.</summary>
[Category("Cluster")]
public sealed class LateRequestTests
{
    [Test]
    public async Task A_Job_that_arrives_after_the_end_starts_no_agent_and_is_taken_away()
    {
        await using var scenario = await Scenario.StartAsync();
        var (ended, answer) = await ArrivesAfterTheEndAsync(scenario, call => call is { Verb: "create", Resource: "jobs" });

        answer.Code.Should().Be(201, "the first Job is gone, and so nothing has its name");
        foreach (var resource in new[] { "jobs", "pods" })
            await RealCluster.EventuallyAsync($"no {resource} are left", RealCluster.Patience, () => Scenario.OwnedAsync(resource, ended), left => left.Count == 0);
        (await EvidenceFolder.FoldersAsync(scenario.Namespace + "/")).Should().ContainSingle("one agent has worked");
        Scenario.StatusOf(await scenario.GetAsync("case-1")).Should().Be(Scenario.StatusOf(ended));
    }

    [Test]
    public async Task A_status_that_arrives_after_the_end_is_refused()
    {
        await using var scenario = await Scenario.StartAsync();
        var (ended, answer) = await ArrivesAfterTheEndAsync(scenario, call => call is { Verb: "update", Resource: "podcheckpoints/status" });

        answer.Code.Should().Be(409, "it is of an older resourceVersion");
        Scenario.StatusOf(await scenario.GetAsync("case-1")).Should().Be(Scenario.StatusOf(ended));
    }

    private static async Task<(PodCheckpoint Ended, ServerAnswer Answer)> ArrivesAfterTheEndAsync(Scenario scenario, Func<ApiCall, bool> isTheOne)
    {
        await scenario.RunPodAsync(new TargetPod("bad-pod"));
        var held = new HeldRequest(isTheOne);
        using var apiServer = ApiServerLine.Open(RealCluster.Descriptor.ApiUrl, await ControllerKubeconfig.AuthorityAsync());
        await using var proxy = await FaultProxy.StartAsync(apiServer, held);
        using var kubeconfig = ProxyKubeconfig.Write(
            proxy.Address, await ControllerKubeconfig.TokenAsync(RealCluster.SystemNamespace, ControllerKubeconfig.ServiceAccount));
        using var first = Leaders.StartBy(kubeconfig.Path, scenario);
        await Leaders.LeadsAsync(first);
        await scenario.CheckpointAsync("case-1", "bad-pod");
        await Eventually.EndsAsync(held.IsOnItsWay, RealCluster.Patience);
        await first.PauseAsync();

        using var second = await Leaders.StartAsync(scenario, "--keep-complete=0s");
        var ended = await scenario.FinishedAsync("case-1");
        ended.Status!.Phase.Should().Be(Phase.Complete, ended.Status.Message);
        foreach (var resource in new[] { "jobs", "configmaps" })
            await RealCluster.EventuallyAsync($"its {resource} are gone", RealCluster.Patience, () => Scenario.OwnedAsync(resource, ended), left => left.Count == 0);

        var answer = await Eventually.EndsAsync(held.DeliverAsync(), RealCluster.Patience);
        await first.ContinueAsync();
        await Leaders.EndsByItselfAsync(first);
        first.Log.Should().Contain("Lost the Lease");
        return (ended, answer);
    }
}
