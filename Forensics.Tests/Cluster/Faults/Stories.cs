using Forensics.Api;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>All stories: how a capture goes well, and the ways in which it does not.</summary>
internal static class Stories
{
    /// <summary>The first is the one in which all goes well.</summary>
    public static IReadOnlyList<Story> All { get; } =
    [
        new("all is captured", async stage =>
        {
            await stage.ApplyAsync();
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.Captured);
            await stage.EndedAsync(Reasons.Captured);
        }),
        new("the agent fails", async stage =>
        {
            await stage.ApplyAsync();
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.LostItsTarget);
            await stage.EndedAsync(Reasons.ContainerGone);
        }),
        new("the agent dies without a word", async stage =>
        {
            await stage.ApplyAsync();
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.OutOfMemory);
            await stage.EndedAsync(Reasons.OutcomeUnknown);
        }),
        new("no such target", async stage =>
        {
            await stage.ApplyAsync(pod: "nobody");
            await stage.EndedAsync(Reasons.NotFound);
        }),
        new("the destination is not allowed", async stage =>
        {
            await stage.ApplyAsync(destination: "s3://elsewhere");
            await stage.EndedAsync(Reasons.DestinationNotAllowed);
        }),
        new("the target starts late", async stage =>
        {
            await stage.Lane.AddTargetAsync("late-pod", started: false);
            await stage.ApplyAsync(pod: "late-pod");
            await stage.StatusAsync("waits", status => status.Conditions.Any(c => c is { Type: ConditionTypes.Waiting, Status: "True" }));
            await stage.Lane.StartTargetAsync("late-pod");
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.Captured);
            await stage.EndedAsync(Reasons.Captured);
        }),
        new("the target never starts", async stage =>
        {
            await stage.Lane.AddTargetAsync("late-pod", started: false);
            await stage.ApplyAsync(pod: "late-pod");
            await stage.EndedAsync(Reasons.TargetNotStarted);
        }, "--target-timeout=3s"),
        new("the agent's image is not there", async stage =>
        {
            await stage.ApplyAsync();
            await stage.ReportAsync(await stage.AgentAsync(), AgentStates.WithoutImage);
            await stage.EndedAsync(Reasons.AgentImageNotPulled);
        }, "--agent-start-timeout=15s"),
        new("Jobs are refused for a while", RefuseForAWhileAsync),
        new("cancelled in mid-capture", async stage =>
        {
            await stage.ApplyAsync();
            await stage.CapturingAsync();
            await stage.DeleteCheckpointAsync();
            await stage.CleanAsync();
        }),
        new("cancelled while no controller runs", async stage =>
        {
            await stage.ApplyAsync();
            await stage.CapturingAsync();
            await stage.StopControllerAsync();
            await stage.DeleteCheckpointAsync();
            await stage.StartControllerAsync();
            await stage.CleanAsync();
        }),
        new("cancelled and asked for again", async stage =>
        {
            await stage.ApplyAsync();
            await stage.CapturingAsync();
            await stage.DeleteCheckpointAsync();
            await stage.ApplyAsync();
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.Captured);
            await stage.EndedAsync(Reasons.Captured);
        }),
        new("it expires", async stage =>
        {
            await stage.ApplyAsync(ttlSeconds: 0);
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.Captured);
            await stage.EndedAsync(Reasons.Captured);
            await stage.GoneAsync();
        }),
        new("it waits for its turn", async stage =>
        {
            var first = stage.About("case-41");
            await first.ApplyAsync();
            var agent = await first.CapturingAsync();
            await stage.ApplyAsync();
            await stage.QueuedAsync();
            await first.ReportAsync(agent, AgentStates.Captured);
            await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.Captured);
            await stage.EndedAsync(Reasons.Captured);
        }),
        new("cancelled while it waits for its turn", stage => CancelInTheLineAsync(stage, stage.DeleteCheckpointAsync)),
        new("cancelled in the line while no controller runs", stage => CancelInTheLineAsync(stage, async () =>
        {
            await stage.StopControllerAsync();
            await stage.DeleteCheckpointAsync();
            await stage.StartControllerAsync();
        })),
        new("the Job is deleted", async stage =>
        {
            await stage.ApplyAsync();
            await stage.CapturingAsync();
            await stage.Kubernetes.BatchV1.DeleteNamespacedJobAsync(stage.CaptureName, stage.Lane.Workers, propagationPolicy: "Background");
            await stage.EndedAsync(Reasons.JobDeleted);
        }),
        new("the plan is deleted", async stage =>
        {
            await stage.ApplyAsync();
            await stage.CapturingAsync();
            await stage.Kubernetes.CoreV1.DeleteNamespacedConfigMapAsync(stage.CaptureName, stage.Lane.Workers);
            await stage.EndedAsync(Reasons.JobDeleted);
        }),
        new("the agent's pod is replaced", async stage =>
        {
            await stage.ApplyAsync();
            var agent = await stage.CapturingAsync();
            await stage.Kubernetes.CoreV1.DeleteNamespacedPodAsync(agent.Name, stage.Lane.Workers);
            await stage.EndedAsync(Reasons.AgentReplaced);
        }),
        new("the spec is changed in mid-capture", async stage =>
        {
            await stage.ApplyAsync();
            var agent = await stage.CapturingAsync();
            await stage.AimElsewhereAsync();
            await stage.StatusAsync("knows", status => status.Conditions.Any(c => c is { Type: ConditionTypes.SpecChanged, Status: "True" }));
            await stage.ReportAsync(agent, AgentStates.Captured);
            await stage.EndedAsync(Reasons.SpecChanged);
        }),
        new("the spec is corrected after the end", async stage =>
        {
            await stage.ApplyAsync(pod: "nobody");
            await stage.EndedAsync(Reasons.NotFound);
            await stage.AimElsewhereAsync();
            await stage.StatusAsync("knows", status => status.Conditions.Any(c => c is { Type: ConditionTypes.SpecChanged, Status: "True" }));
        }),
        new("a foreign Job has the name", stage => MeetAsync(stage, name => stage.Kubernetes.BatchV1.CreateNamespacedJobAsync(
            new V1Job
            {
                Metadata = new V1ObjectMeta { Name = name },
                Spec = new V1JobSpec
                {
                    Parallelism = 0,
                    Template = new V1PodTemplateSpec
                    {
                        Spec = new V1PodSpec { RestartPolicy = "Never", Containers = [new V1Container { Name = "foreign", Image = "foreign:1" }] },
                    },
                },
            },
            stage.Lane.Workers))),
        new("a foreign ConfigMap has the name", stage => MeetAsync(stage, name => stage.Kubernetes.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name } }, stage.Lane.Workers))),
    ];

    // The name holds the UID, so whoever takes it must have waited for it.
    private static async Task MeetAsync(Stage stage, Func<string, Task> takeNameAsync)
    {
        await stage.StopControllerAsync();
        await stage.ApplyAsync();
        await takeNameAsync(stage.CaptureName);
        await stage.StartControllerAsync();
        await stage.EndedAsync(Reasons.NameTaken);
    }

    private static async Task CancelInTheLineAsync(Stage stage, Func<Task> cancelAsync)
    {
        var first = stage.About("case-41");
        await first.ApplyAsync();
        var agent = await first.CapturingAsync();
        await stage.ApplyAsync();
        await stage.QueuedAsync();
        await cancelAsync();
        await stage.PlanGoneAsync();
        await first.ReportAsync(agent, AgentStates.Captured);
        await first.EndedAsync(Reasons.Captured);
    }

    private static async Task RefuseForAWhileAsync(Stage stage)
    {
        const string Quota = "no-jobs";
        var workers = stage.Lane.Workers;
        await stage.Kubernetes.CoreV1.CreateNamespacedResourceQuotaAsync(
            new V1ResourceQuota
            {
                Metadata = new V1ObjectMeta { Name = Quota },
                Spec = new V1ResourceQuotaSpec { Hard = new Dictionary<string, ResourceQuantity> { ["count/jobs.batch"] = new("0") } },
            },
            workers);
        await Eventually.IsTrueAsync(
            async () => (await stage.Kubernetes.CoreV1.ReadNamespacedResourceQuotaAsync(Quota, workers)).Status?.Hard?.Count > 0, "the quota counts");
        await stage.ApplyAsync();
        await stage.StatusAsync("waits", status => status.Conditions.Any(c => c is { Type: ConditionTypes.Waiting, Status: "True" }));
        await stage.Kubernetes.CoreV1.DeleteNamespacedResourceQuotaAsync(Quota, workers);
        await stage.ReportAsync(await stage.CapturingAsync(), AgentStates.Captured);
        await stage.EndedAsync(Reasons.Captured);
    }
}
