using System.Text;
using Forensics.Api;
using Forensics.Tests.Local;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>Where intruders write when the root is read-only: emptyDirs on disk and in memory, and /dev/shm.</summary>
[Category("Cluster")]
[TestFixture("docker")]
[TestFixture("containerd")]
public sealed class VolumeTests(string runtime)
{
    private const string Secret = "correct-horse-battery-staple";

    // As another user, where nobody else may look.
    private const string Intrusion = "echo on-disk > /disk/dropped; mkdir /mem/hidden; echo in-memory > /mem/hidden/tool; chown -R 1000:1000 /mem/hidden; chmod -R go-rwx /mem/hidden; echo shared > /dev/shm/socket-less; touch /mem/ready";

    [Test]
    public async Task What_a_pod_has_written_there_is_captured_and_no_secret_is()
    {
        await using var scenario = await Scenario.StartAsync();
        await RealCluster.KubectlAsync("create", "secret", "generic", "-n", scenario.Namespace, "token", $"--from-literal=password={Secret}");
        await scenario.RunPodAsync(new TargetPod("bad-pod")
        {
            Node = TargetPod.NodeOf(runtime),
            HasReadOnlyRoot = true,
            Containers = [("main", $"{Intrusion}; {TargetPod.Forever}"), ("helper", TargetPod.Forever)],
            Volumes = "[{name: disk, emptyDir: {}}, {name: mem, emptyDir: {medium: Memory}}, {name: token, secret: {secretName: token}}, {name: node, hostPath: {path: /etc, type: Directory}}]",
            Mounts = "[{name: disk, mountPath: /disk}, {name: mem, mountPath: /mem}, {name: token, mountPath: /token}]",
        });
        await RealCluster.EventuallyAsync(
            "the intruder has been there", RealCluster.Patience, () => InPodAsync(scenario, "ls", "/mem/ready"), listed => listed.Contains("ready", StringComparison.Ordinal));
        var accessed = await InPodAsync(scenario, "stat", "-c", "%X %Y %Z", "/mem/hidden", "/mem/hidden/tool", "/dev/shm/socket-less");
        await scenario.CheckpointAsync("case-1", "bad-pod");

        var status = (await scenario.FinishedAsync("case-1")).Status!;

        status.Phase.Should().Be(Phase.Complete, status.Message);
        using var evidence = await EvidenceFolder.DownloadAsync(status.Location!);
        await evidence.CheckSumsAsync();
        Encoding.UTF8.GetString(await evidence.ContentAsync(EvidenceNames.Volume("bad-pod", "disk"), "dropped")).Should().Be("on-disk\n");
        Encoding.UTF8.GetString(await evidence.ContentAsync(EvidenceNames.Volume("bad-pod", "mem"), "hidden/tool")).Should().Be("in-memory\n");
        var memory = evidence.Manifest.Artifacts.Should().ContainSingle(artifact => artifact.Type == "shm").Which;
        Encoding.UTF8.GetString(await evidence.ContentAsync(memory.Name, "socket-less")).Should().Be("shared\n");
        evidence.Manifest.Artifacts.Where(artifact => artifact.State == CaptureState.Skipped).Select(artifact => (artifact.Name, artifact.Reason)).Should().Equal(
            (EvidenceNames.Volume("bad-pod", "token"), Reasons.VolumeNotCollected), (EvidenceNames.Volume("bad-pod", "node"), Reasons.VolumeNotCollected));
        foreach (var name in evidence.Names)
            (await File.ReadAllBytesAsync(evidence.At(name))).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Secret)).Should().Be(-1, $"{name} must not hold the secret");

        (await InPodAsync(scenario, "stat", "-c", "%X %Y %Z", "/mem/hidden", "/mem/hidden/tool", "/dev/shm/socket-less"))
            .Should().Be(accessed, "a capture leaves no trace on what it reads");
    }

    [Test]
    public async Task A_pod_that_has_ended_has_no_volumes_left_and_its_capture_is_complete_all_the_same()
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("ended")
        {
            Node = TargetPod.NodeOf(runtime),
            Containers = [("main", "echo on-disk > /disk/dropped")],
            Volumes = "[{name: disk, emptyDir: {}}]",
            Mounts = "[{name: disk, mountPath: /disk}]",
            RestartPolicy = "Never",
            SettledPhase = "Succeeded",
        });
        await scenario.CheckpointAsync("case-1", "ended");

        var status = (await scenario.FinishedAsync("case-1")).Status!;

        status.Phase.Should().Be(Phase.Complete, status.Message);
        using var evidence = await EvidenceFolder.DownloadAsync(status.Location!);
        evidence.Manifest.Artifacts.Single(artifact => artifact.Type == "volume").State.Should().BeOneOf(CaptureState.Captured, CaptureState.Skipped);
    }

    [Test]
    public async Task Claims_and_directories_of_the_node_are_captured_if_they_are_asked_for_and_Secrets_never()
    {
        using var onNode = new TemporaryFolder();
        foreach (var name in new[] { "local", "node", "logs", "other" })
        {
            Directory.CreateDirectory(Path.Combine(onNode.Path, name));
            await File.WriteAllTextAsync(Path.Combine(onNode.Path, name, "dropped"), $"into {name}");
        }

        await using var scenario = await Scenario.StartAsync();
        await RealCluster.ApplyAsync(Volume(scenario, "local", $"local: {{path: {onNode.Path}/local}}") + Volume(scenario, "node", $"hostPath: {{path: {onNode.Path}/node}}"));
        try
        {
            await scenario.RunPodAsync(new TargetPod("bad-pod")
            {
                Node = TargetPod.NodeOf(runtime),
                Containers = [("main", TargetPod.Forever)],
                Volumes = $"[{{name: local, persistentVolumeClaim: {{claimName: local}}}}, {{name: node, persistentVolumeClaim: {{claimName: node}}}}, "
                    + $"{{name: logs, hostPath: {{path: {onNode.Path}/logs}}}}, {{name: other, hostPath: {{path: {onNode.Path}/other}}}}]",
                Mounts = "[{name: local, mountPath: /local}, {name: node, mountPath: /node}]",
            });
            await scenario.CheckpointAsync("case-1", "bad-pod", volumes: "[local, node, logs]");

            var status = (await scenario.FinishedAsync("case-1")).Status!;

            status.Phase.Should().Be(Phase.Complete, status.Message);
            using var evidence = await EvidenceFolder.DownloadAsync(status.Location!);
            await evidence.CheckSumsAsync();
            foreach (var name in new[] { "local", "node", "logs" })
                Encoding.UTF8.GetString(await evidence.ContentAsync(EvidenceNames.Volume("bad-pod", name), "dropped")).Should().Be($"into {name}");
            evidence.Manifest.Artifacts.Single(artifact => artifact.Name == EvidenceNames.Volume("bad-pod", "other")).Should().BeEquivalentTo(
                new { State = CaptureState.Skipped, Reason = Reasons.VolumeNotCollected, Message = "The content of a volume of the kind hostPath is captured only if spec.volumes names it." });

            await scenario.CheckpointAsync("case-2", "bad-pod", volumes: "[local, no-such-volume]");
            await BadInputTests.FailsAsync(scenario, Reasons.InvalidSpec, "*'no-such-volume'*it has: local, node, logs, other*", "case-2");
        }
        finally
        {
            await RealCluster.KubectlAsync("delete", "pv", $"{scenario.Namespace}-local", $"{scenario.Namespace}-node", "--wait=false");
        }
    }

    /// <summary>A volume with a claim that is bound to it.</summary>
    private string Volume(Scenario scenario, string name, string source) => $$"""
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: {{scenario.Namespace}}-{{name}}}
        spec:
          capacity: {storage: 1Mi}
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          claimRef: {namespace: {{scenario.Namespace}}, name: {{name}}}
          {{source}}
          nodeAffinity:
            required:
              nodeSelectorTerms:
                - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [{{TargetPod.NodeOf(runtime)}}]}]
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {namespace: {{scenario.Namespace}}, name: {{name}}}
        spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: {{scenario.Namespace}}-{{name}}, resources: {requests: {storage: 1Mi} } }
        ---

        """;

    private static Task<string> InPodAsync(Scenario scenario, params string[] command) =>
        RealCluster.KubectlAsync(["exec", "-n", scenario.Namespace, "bad-pod", "-c", "main", "--", .. command]);
}
