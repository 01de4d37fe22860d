using Forensics.Api;

namespace Forensics.Tests.Cluster.EndToEnd.OwnController;

/// <summary>The agent cannot start, or cannot write: each ends Failed within a bounded time, with its own reason.</summary>
[Category("Cluster")]
public sealed class AgentTroubleTests
{
    private const string Impatient = "--agent-start-timeout=15s";

    [Test]
    public Task An_image_that_cannot_be_pulled() =>
        FailsAsync(Reasons.AgentImageNotPulled, "*no-such-image:1*", "--worker-image=no-such-image:1");

    [Test]
    public Task A_socket_that_is_not_on_the_node() =>
        FailsAsync(Reasons.AgentMountFailed, "*docker.sock*--node-paths*", "--node-paths=docker.socket=/no/such/docker.sock");

    [Test]
    public Task Data_that_is_not_where_the_deployment_says() =>
        FailsAsync(Reasons.AgentMountFailed, "*/no/such/data*--node-paths*", "--node-paths=docker.root=/no/such/data");

    [Test]
    public Task A_runtime_that_this_deployment_does_not_capture() => FailsAsync(
        Reasons.UnsupportedRuntime, "*containerd*", new TargetPod("bad-pod") { Node = RealCluster.Descriptor.ContainerdNode }, "--runtimes=docker");

    [Test]
    public Task A_destination_that_this_deployment_does_not_allow() =>
        FailsAsync(Reasons.DestinationNotAllowed, "*", "--allowed-destinations=other-bucket,forensics-evidence/elsewhere");

    [Test]
    public async Task A_quota_that_refuses_the_agents_pod()
    {
        await using var quota = await Applied.Async($$"""
            apiVersion: v1
            kind: ResourceQuota
            metadata:
              name: no-pods
              namespace: {{RealCluster.WorkerNamespace}}
            spec:
              hard: {pods: "0"}
            """);
        await RealCluster.EventuallyAsync(
            "the quota is in force", RealCluster.Patience,
            () => RealCluster.KubectlAsync("get", "resourcequota", "-n", RealCluster.WorkerNamespace, "no-pods", "-o", "jsonpath={.status.hard.pods}"),
            hard => hard == "0");

        await FailsAsync(Reasons.AgentRejected, "*exceeded quota*");
    }

    [Test]
    public async Task A_webhook_that_refuses_the_agents_pod()
    {
        await using var webhook = await Applied.Async($$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: e2e-refuses-agents}
            webhooks:
              - name: refuses.agents.example.com
                failurePolicy: Fail
                sideEffects: None
                admissionReviewVersions: [v1]
                timeoutSeconds: 1
                clientConfig: {url: "https://127.0.0.1:9/refuse"}
                namespaceSelector:
                  matchLabels:
                    kubernetes.io/metadata.name: {{RealCluster.WorkerNamespace}}
                rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
            """);
        await RealCluster.KubectlAsync(
            "label", "namespace", RealCluster.WorkerNamespace, $"kubernetes.io/metadata.name={RealCluster.WorkerNamespace}", "--overwrite");

        await FailsAsync(Reasons.AgentRejected, "*refuses.agents.example.com*");
    }

    [Test]
    public Task A_target_that_is_never_scheduled() => FailsAsync(
        Reasons.TargetNotStarted, "*", new TargetPod("bad-pod") { NodeLabel = "nowhere", SettledPhase = "Pending" }, "--target-timeout=5s");

    [Test]
    public async Task A_node_that_does_not_answer()
    {
        var kubelet = RealCluster.Local.DockerNode.Kubelet;
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("bad-pod"));
        await kubelet.StopAsync(CancellationToken.None);
        try
        {
            await RealCluster.KubectlAsync(
                "wait", "node", RealCluster.Descriptor.DockerNode, "--for=condition=Ready=Unknown", $"--timeout={RealCluster.Patience.TotalSeconds:0}s");
            using var controller = await ControllerProcess.StartAsync(scenario, "--target-timeout=5s");
            await scenario.CheckpointAsync("case-1", "bad-pod");

            await BadInputTests.FailsAsync(scenario, Reasons.NodeNotReady, $"*{RealCluster.Descriptor.DockerNode}*");
        }
        finally
        {
            await kubelet.StartAsync(CancellationToken.None);
            await RealCluster.KubectlAsync(
                "wait", "node", RealCluster.Descriptor.DockerNode, "--for=condition=Ready", $"--timeout={RealCluster.Patience.TotalSeconds:0}s");
        }
    }

    private static Task FailsAsync(string reason, string message, params string[] flags) =>
        FailsAsync(reason, message, new TargetPod("bad-pod"), flags);

    private static async Task FailsAsync(string reason, string message, TargetPod target, params string[] flags)
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(target);
        using var controller = await ControllerProcess.StartAsync(scenario, [Impatient, .. flags]);
        await scenario.CheckpointAsync("case-1", "bad-pod");

        var ended = await BadInputTests.FailsAsync(scenario, reason, message);

        await RealCluster.EventuallyAsync(
            "no agent is left", RealCluster.Patience, () => Scenario.OwnedAsync("pods", ended), pods => pods.Count == 0);
        (await EvidenceFolder.KeysAsync(scenario.Namespace + "/")).Should().BeEmpty();
    }
}
