using System.Text;
using System.Text.Json;
using Forensics.Agent.Commands;
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

    /// <summary>In this process, whose open files can be counted when the capture is over.</summary>
    [Test]
    public Task Not_a_file_is_left_open() => RaceAsync(async (id, folder) =>
    {
        await CaptureInProcessAsync(id, folder); // Loads what is loaded once.
        var before = OpenFiles.Targets();

        var tally = await CaptureInProcessAsync(id, folder);

        tally.Captured.Should().BeGreaterThan(Folders);
        OpenFiles.Targets().Should().BeEquivalentTo(before);
    });

    private Task OpenUntilAsync(long opens) => RaceAsync(async (id, folder) =>
    {
        for (long met = 0; met < opens;)
        {
            var tally = await CaptureAsync(id, folder);
            tally.Captured.Should().BeGreaterThan(Folders);
            met += tally.Captured + tally.Partial + tally.Failed + tally.Vanished;
        }
    });

    /// <param name="capture">Is given the container's id and a folder beside which the canary lies.</param>
    private async Task RaceAsync(Func<string, string, Task> capture)
    {
        await using var scenario = await Scenario.StartAsync();
        await scenario.RunPodAsync(new TargetPod("bad-pod") { Node = TargetPod.NodeOf(runtime), Containers = [("main", "exec sleep 100000")] });
        var id = await scenario.ContainerIdAsync("bad-pod");
        var container = await ContainerOnNode.OfAsync(runtime, id);
        using var folder = new TemporaryFolder();
        using var names = new ExchangedNames($"{container.Root}/evil", Path.Combine(folder.Path, "outside"), Folders);
        await capture(id, folder.Path);
    }

    private async Task<EntryTally> CaptureAsync(string id, string folder)
    {
        using var agent = AgentProcess.Start(Arguments(id, folder));
        var end = await agent.EndAsync();
        return Read(end.Printed("location") ?? throw new InvalidOperationException(end.ToString()));
    }

    private async Task<EntryTally> CaptureInProcessAsync(string id, string folder)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        await AgentCommandLine.InvokeAsync(Arguments(id, folder), new AgentHost(_ => null, output, error, TimeProvider.System));
        return Read(output.ToString().Split('\n')[0]["location: ".Length..]);
    }

    private string[] Arguments(string id, string folder) =>
    [
        "capture", "--runtime", runtime, "--runtime-socket", runtime == "docker" ? RealCluster.Descriptor.DockerSocket : RealCluster.Local.Containerd.Socket,
        "--container", id, "--destination", $"file://{folder}/evidence", "--method", "Layers",
    ];

    private static EntryTally Read(string location)
    {
        var evidence = new Uri(location).LocalPath;
        var manifest = JsonSerializer.Deserialize(
            File.ReadAllBytes(Path.Combine(evidence, EvidenceNames.Manifest)), ApiJson.Readable.Manifest)!;
        foreach (var file in Directory.EnumerateFiles(evidence))
            File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(ExchangedNames.Canary)).Should().Be(-1, file);
        Directory.Delete(evidence, recursive: true);
        return manifest.Containers.Single().Artifacts.Single(artifact => artifact.Type == "export").Tally!;
    }
}
