using System.Text;
using System.Text.Json;
using Forensics.Api;
using Forensics.Tests.Agent.Filesystems.Layers;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>In a running container an attacker puts links, directories, files and fifos in each other's places as fast as the kernel can,
/// to have the agent read what lies outside. The canary does, where the agent could reach it.</summary>
[Category("Cluster")]
[TestFixture("docker")]
[TestFixture("containerd")]
public sealed class RealRaceTests(string runtime)
{
    private const string Canary = "CANARY OUTSIDE OF THE CONTAINER";
    private const int Pairs = 2000;

    [Test]
    public Task A_hundred_thousand_opens_bring_no_byte_from_outside() => OpenUntilAsync(100_000);

    [Test]
    [Category("Long")]
    public Task A_million_opens_bring_no_byte_from_outside() => OpenUntilAsync(1_000_000);

    private async Task OpenUntilAsync(long opens)
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("bad-pod") { Node = TargetPod.NodeOf(runtime), Containers = [("main", "exec sleep 100000")] });
        var id = (await RealCluster.KubectlAsync(
            "get", "pod", "-n", scenario.Namespace, "bad-pod", "-o", "jsonpath={.status.containerStatuses[0].containerID}")).Trim().Split("://")[1];
        var evil = $"{(await ContainerOnNode.OfAsync(runtime, id)).Root}/evil";
        using var folder = new TemporaryFolder();
        Plant(evil, folder.Path);
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() => Exchange(evil, stop.Token));
        swapper.Start();
        try
        {
            for (long met = 0; met < opens;)
            {
                var tally = await CaptureAsync(id, folder.Path);
                tally.Captured.Should().BeGreaterThan(Pairs);
                met += tally.Captured + tally.Partial + tally.Failed + tally.Vanished;
            }
        }
        finally
        {
            await stop.CancelAsync();
            swapper.Join();
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
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Canary)).Should().Be(-1, file);
        Directory.Delete(evidence, recursive: true);
        return manifest.Containers.Single().Artifacts.Single(artifact => artifact.Type == "export").Tally!;
    }

    private static void Plant(string evil, string folder)
    {
        var outside = Path.Combine(folder, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "secret"), Canary);
        for (var i = 0; i < Pairs; i++)
        {
            Directory.CreateDirectory($"{evil}/{i}/dir");
            File.WriteAllText($"{evil}/{i}/dir/secret", "inside");
            File.WriteAllText($"{evil}/{i}/file", "inside");
            RawFiles.MakeLink(outside, $"{evil}/{i}/link-to-dir");
            RawFiles.MakeLink(Path.Combine(outside, "secret"), $"{evil}/{i}/link-to-file");
            RawFiles.MakeFifo($"{evil}/{i}/fifo");
        }
    }

    private static void Exchange(string evil, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % Pairs)
        {
            RawFiles.ExchangeNames($"{evil}/{i}/dir", $"{evil}/{i}/link-to-dir");
            RawFiles.ExchangeNames($"{evil}/{i}/file", $"{evil}/{i}/link-to-file");
            RawFiles.ExchangeNames($"{evil}/{i}/link-to-file", $"{evil}/{i}/fifo");
        }
    }
}
