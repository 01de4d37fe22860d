using System.Text;
using System.Text.Json;
using Forensics.Api;
using Forensics.Tests.Agent.Filesystems.Layers;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>The same in a running container, as a process of it would do it, against the agent as a program. The canary lies where the agent
/// could reach it.</summary>
[Category("Cluster")]
[TestFixture("docker")]
[TestFixture("containerd")]
public sealed class RealRaceTests(string runtime)
{
    private const int Folders = 2000;

    [Test]
    public Task A_hundred_thousand_opens_bring_no_byte_from_outside() => OpenUntilAsync(100_000);

    [Test]
    [Category("Long")]
    public Task A_million_opens_bring_no_byte_from_outside() => OpenUntilAsync(1_000_000);

    private async Task OpenUntilAsync(long opens)
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("bad-pod") { Node = TargetPod.NodeOf(runtime), Containers = [("main", "exec sleep 100000")] });
        var id = await scenario.ContainerIdAsync("bad-pod");
        var container = await ContainerOnNode.OfAsync(runtime, id);
        using var folder = new TemporaryFolder();
        using var names = new ExchangedNames($"{container.Root}/evil", Path.Combine(folder.Path, "outside"), Folders);
        for (long met = 0; met < opens;)
        {
            var tally = await CaptureAsync(id, folder.Path);
            tally.Captured.Should().BeGreaterThan(Folders);
            met += tally.Captured + tally.Partial + tally.Failed + tally.Vanished;
        }
    }

    private async Task<EntryTally> CaptureAsync(string id, string folder)
    {
        var socket = runtime == "docker" ? RealCluster.Descriptor.DockerSocket : RealCluster.Local.Containerd.Socket;
        using var agent = AgentProcess.Start(
            ["capture", "--runtime", runtime, "--runtime-socket", socket, "--container", id, "--destination", $"file://{folder}/evidence", "--method", "Layers"]);
        var end = await agent.EndAsync();
        var evidence = new Uri(end.Printed("location") ?? throw new InvalidOperationException(end.ToString())).LocalPath;
        var manifest = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(evidence, EvidenceNames.Manifest)), ApiJson.Readable.Manifest)!;
        foreach (var file in Directory.EnumerateFiles(evidence))
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(ExchangedNames.Canary)).Should().Be(-1, file);
        Directory.Delete(evidence, recursive: true);
        return manifest.Containers.Single().Artifacts.Single(artifact => artifact.Type == "export").Tally!;
    }
}
