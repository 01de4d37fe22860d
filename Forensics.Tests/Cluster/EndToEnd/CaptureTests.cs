using Forensics.Api;
using Forensics.Local;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>A person applies a PodCheckpoint; the deployed controller, a real kubelet and the real agent do the rest.</summary>
[Category("Cluster")]
[TestFixture("docker")]
[TestFixture("containerd")]
public sealed class CaptureTests(string runtime)
{
    [Test]
    public async Task Every_container_of_a_pod_is_captured_and_proven()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(Pod("bad-pod") with
        {
            Init = [("prepare", "echo prepared > /prepared")],
            Containers = [("web", $"{TargetPod.Intrusion}; echo serving; {TargetPod.Forever}"), ("helper", TargetPod.Forever)],
        });
        await scenario.CheckpointAsync("case-1", "bad-pod");

        var status = (await scenario.FinishedAsync("case-1")).Status!;

        status.Phase.Should().Be(Phase.Complete, status.Message);
        status.Conditions.Where(c => c.Status == "True").Select(c => c.Type).Should().BeEquivalentTo(["Complete", "Finished"]);
        status.NodeName.Should().Be(TargetPod.NodeOf(runtime));
        status.TargetNamespace.Should().Be(scenario.Namespace);
        status.CompletionTime.Should().BeOnOrAfter(status.StartTime!.Value);
        status.Containers.Should().OnlyContain(c => c.State == CaptureState.Captured && c.Runtime == runtime && c.Bytes > 0);
        status.Containers.Select(c => (c.Name, c.Kind)).Should().Contain(
            [("prepare", ContainerKind.Init), ("web", ContainerKind.Regular), ("helper", ContainerKind.Regular)]);

        using var evidence = await EvidenceFolder.DownloadAsync(status.Location!);
        foreach (var id in status.Containers.Select(c => c.Id!))
            evidence.Names.Should().Contain([EvidenceNames.Inspect("bad-pod", id), EvidenceNames.Diff("bad-pod", id), EvidenceNames.Export("bad-pod", id)]);

        // containerd keeps no log of a sandbox.
        foreach (var id in status.Containers.Where(c => c.Kind != ContainerKind.Sandbox).Select(c => c.Id!))
            evidence.Names.Should().Contain(EvidenceNames.Logs("bad-pod", id));

        evidence.Names.Should().Contain(["capture.json", "bad-pod.yaml", "bad-pod.txt", "SHA256SUMS", "manifest.json"]);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(status.ManifestSha256);
        evidence.Manifest.Complete.Should().BeTrue();
        evidence.Manifest.Missing.Should().BeEmpty();
        status.Bytes.Should().BePositive();

        var web = status.Containers.Single(c => c.Name == "web").Id!;
        evidence.Text(EvidenceNames.Diff("bad-pod", web)).Split('\n').Should()
            .Contain(["A /tmp/intruder", "C /etc/passwd", "D /etc/group"]);
        evidence.Text(EvidenceNames.Logs("bad-pod", web)).Should().MatchRegex(@"^\S+Z stdout F serving\n$");
        (await evidence.TarEntriesAsync(EvidenceNames.Export("bad-pod", web))).Should().Contain(e => e.StartsWith("tmp/intruder RegularFile"));
        evidence.Text("bad-pod.txt").Should().Contain("web").And.Contain("Events");
    }

    [Test]
    public async Task A_container_that_was_added_to_debug_the_pod_is_captured_too()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(Pod("debugged"));
        await AddEphemeralContainerAsync(scenario.Namespace, "debugged", "debugger");
        await scenario.CheckpointAsync("case-1", "debugged");

        var status = (await scenario.FinishedAsync("case-1")).Status!;

        status.Phase.Should().Be(Phase.Complete, status.Message);
        status.Containers.Should().ContainSingle(c => c.Name == "debugger" && c.Kind == ContainerKind.Ephemeral && c.State == CaptureState.Captured);
    }

    [Test]
    public async Task Both_instances_of_a_container_that_crashed_are_captured()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(Pod("crashed"));
        await RealCluster.TryKubectlAsync("exec", "-n", scenario.Namespace, "crashed", "--", "kill", "1");
        await RealCluster.EventuallyAsync(
            "the container runs again",
            RealCluster.Patience,
            () => RealCluster.KubectlAsync(
                "get", "pod", "-n", scenario.Namespace, "crashed", "-o", "jsonpath={.status.containerStatuses[0]['restartCount','ready']}"),
            seen => seen == "1 true");
        await scenario.CheckpointAsync("case-1", "crashed");

        var status = (await scenario.FinishedAsync("case-1")).Status!;

        status.Phase.Should().Be(Phase.Complete, status.Message);
        using var evidence = await EvidenceFolder.DownloadAsync(status.Location!);
        var instances = evidence.Manifest.Containers.Where(c => c.Name == "main").ToList();
        instances.Should().OnlyContain(c => c.State == CaptureState.Captured);
        instances.Select(c => (c.Kind, c.Previous)).Should().BeEquivalentTo([(ContainerKind.Regular, false), (ContainerKind.Regular, true)]);
        instances.Select(c => c.Id).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task The_export_of_a_stopped_container_has_the_entries_that_others_see()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(Pod("stopped") with
        {
            Containers = [("main", $"{TargetPod.Intrusion}; mkdir -p /a/b; ln -s ../x /a/link; ln /etc/passwd /a/hard; mkfifo /a/fifo; chmod 4711 /a/b; exit 0")],
            RestartPolicy = "Never",
            SettledPhase = "Succeeded",
        });
        await scenario.CheckpointAsync("case-1", "stopped");

        var status = (await scenario.FinishedAsync("case-1")).Status!;

        status.Phase.Should().Be(Phase.Complete, status.Message);
        var id = status.Containers.Single(c => c.Name == "main").Id!;
        using var evidence = await EvidenceFolder.DownloadAsync(status.Location!);
        (await IndependentExport.EntriesOfAsync(evidence.At(EvidenceNames.Export("stopped", id))))
            .Should().Equal(await IndependentExport.EntriesAsync(runtime, id)).And.HaveCountGreaterThan(100);
    }

    [Test]
    public async Task Namesakes_in_two_namespaces_are_captured_side_by_side_and_a_target_may_live_elsewhere()
    {
        await using var here = await Scenario.StartAsync();
        await using var there = await Scenario.StartAsync();
        await here.RunPodAsync(Pod("bad-pod"));
        await here.CheckpointAsync("case-1", "bad-pod");
        await there.CheckpointAsync("case-1", "bad-pod", targetNamespace: here.Namespace);

        var first = (await here.FinishedAsync("case-1")).Status!;
        var second = (await there.FinishedAsync("case-1")).Status!;

        first.Phase.Should().Be(Phase.Complete, first.Message);
        second.Phase.Should().Be(Phase.Complete, second.Message);
        second.TargetNamespace.Should().Be(here.Namespace);
        first.JobName.Should().NotBe(second.JobName);
        first.Location.Should().NotBe(second.Location);
    }

    [Test]
    public async Task Upstreams_manifest_applies_and_a_pod_that_is_not_there_is_said_in_upstreams_words()
    {
        await using var scenario = await Scenario.StartAsync();
        await RealCluster.ApplyAsync($"""
            apiVersion: forensics.keikoproj.io/v1alpha1
            kind: PodCheckpoint
            metadata:
              name: podcheckpoint-sample
              namespace: {scenario.Namespace}
            spec:
              destination: s3://my-bucket-123456789000-us-west-2
              subpath: forensics
              pod: no-pod-1234567890-dead1
              namespace: default
            """);

        var status = (await scenario.FinishedAsync("podcheckpoint-sample")).Status!;

        status.Conditions.Should().ContainSingle(c => c.Type == "Failed").Which.Should().BeEquivalentTo(
            new { Status = "True", Reason = "NotFound", Message = "The specified Pod 'no-pod-1234567890-dead1' was not found in the 'default' namespace." });
    }

    private static async Task AddEphemeralContainerAsync(string namespaceName, string pod, string name)
    {
        // 1.20 has the API as alpha, in a form that later kubectls do not speak.
        var path = $"/api/v1/namespaces/{namespaceName}/pods/{pod}/ephemeralcontainers";
        var body = $$"""
            {"apiVersion":"v1","kind":"EphemeralContainers","metadata":{"name":"{{pod}}","namespace":"{{namespaceName}}"},
             "ephemeralContainers":[{"name":"{{name}}","image":"{{LocalImages.Busybox}}","imagePullPolicy":"Never",
               "command":["/bin/sh","-c","{{TargetPod.Forever}}"],"terminationMessagePolicy":"File"}]}
            """;
        await Command.RunAsync(RealCluster.Local.Kubectl("replace", "--raw", path, "-f", "-"), CancellationToken.None, body);
        await RealCluster.EventuallyAsync(
            $"{name} runs",
            RealCluster.Patience,
            () => RealCluster.KubectlAsync("get", "pod", "-n", namespaceName, pod, "-o", "jsonpath={.status.ephemeralContainerStatuses[*].state.running.startedAt}"),
            started => started.Length > 0);
    }

    private TargetPod Pod(string name) => new(name) { Node = TargetPod.NodeOf(runtime) };
}
