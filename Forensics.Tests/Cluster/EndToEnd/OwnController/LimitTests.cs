using System.Globalization;
using System.Text.RegularExpressions;
using Forensics.Api;

namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>Several captures are asked for at once on one node, where one at a time may run.</summary>
[Category("Cluster")]
public sealed partial class LimitTests
{
    private static readonly string[] Names = ["case-1", "case-2", "case-3"];

    [Test]
    public async Task Three_captures_of_one_node_run_one_after_the_other_in_their_order_though_the_controller_is_killed_and_each_costs_the_same_few_writes()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunBigPodAsync(new TargetPod("bad-pod"), mebibytes: 200); // A capture must last until the next one is asked for.
        var before = await StatusWritesAsync();
        using var first = await ControllerProcess.StartAsync(scenario);
        foreach (var name in Names)
        {
            await scenario.CheckpointAsync(name, "bad-pod");
            await scenario.EventuallyAsync(name, "it was taken up", status => status.StartTime is not null);
            var second = (await scenario.GetAsync(name)).Metadata.CreationTimestamp!.Value;
            await Eventually.IsTrueAsync(() => TimeProvider.System.GetUtcNow() >= second.AddSeconds(1), "the next one comes in another second, by which they are told apart");
        }

        first.Kill();
        using var heir = await ControllerProcess.StartAsync(scenario);

        var ended = new List<PodCheckpointStatus>();
        foreach (var name in Names) ended.Add((await scenario.FinishedAsync(name)).Status!);

        ended.Should().OnlyContain(status => status.Phase == Phase.Complete);
        var jobs = await JobsAsync(scenario);
        for (var i = 1; i < Names.Length; i++)
        {
            var waited = ended[i].Conditions.Single(c => c.Type == ConditionTypes.Waiting);
            waited.Status.Should().Be("False", "its turn came");
            jobs[i].Should().BeOnOrAfter(jobs[i - 1]);
            ended[i].CompletionTime.Should().BeOnOrAfter(ended[i - 1].CompletionTime!.Value);
            (await EventsOfAsync(scenario, Names[i])).Should().Contain(Reasons.Queued);
        }

        var writes = await StatusWritesAsync() - before;
        TestContext.Out.WriteLine($"{writes} status writes for {Names.Length} captures, of which {Names.Length - 1} waited");
        writes.Should().BeLessThanOrEqualTo((Names.Length * WritesOfOne) + (Names.Length - 1) + ProgressWrites(ended));
    }

    // Taken up; its pod is there; the agent runs; the end. docs/performance.md states it.
    private const int WritesOfOne = 4;

    // One every ten seconds at the most.
    private static int ProgressWrites(List<PodCheckpointStatus> ended) =>
        ended.Sum(status => (int)((status.CompletionTime - status.StartTime)!.Value.TotalSeconds / 10));

    private static async Task<List<DateTimeOffset>> JobsAsync(Scenario scenario)
    {
        var made = new List<DateTimeOffset>();
        foreach (var name in Names)
        {
            var job = (await scenario.GetAsync(name)).Status!.JobName!;
            var time = await RealCluster.KubectlAsync(
                "get", "job", "-n", RealCluster.WorkerNamespace, job, "-o", "jsonpath={.metadata.creationTimestamp}");
            made.Add(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
        }

        return made;
    }

    private static Task<string> EventsOfAsync(Scenario scenario, string name) => RealCluster.KubectlAsync(
        "get", "events", "-n", scenario.Namespace, "--field-selector", $"involvedObject.name={name}", "-o", "jsonpath={.items[*].reason}");

    // The API server's own count, of all controllers: the deployed one is stopped. One that it refused as outdated wrote nothing.
    private static async Task<long> StatusWritesAsync() =>
        (await RealCluster.KubectlAsync("get", "--raw", "/metrics")).Split('\n')
            .Where(line => StatusWrite().IsMatch(line)).Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    [GeneratedRegex("""^apiserver_request_total\{(?=.*resource="podcheckpoints")(?=.*subresource="status")(?=.*verb="PUT")(?=.*code="200").*\}""")]
    private static partial Regex StatusWrite();
}
