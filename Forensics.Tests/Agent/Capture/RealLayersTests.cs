using System.Text.RegularExpressions;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Capture;

/// <summary>A real container of the Docker node, captured by its layers.</summary>
[Category("Cluster")]
public sealed partial class RealLayersTests
{
    [Test]
    public async Task By_hand_the_layers_are_taken_by_themselves_with_all_that_docker_export_has_not()
    {
        await using var container = await DockerContainer.RunAsync("echo evil > /tmp/intruder; truncate -s 1M /tmp/holes; rm /etc/group");
        using var socket = await container.ListenAsync("/tmp/socket");

        var end = await AgentProcess.CaptureAsync(
            container.Name, $"s3://{RealCluster.Bucket}/{PlanFolder.NewPrefix()}", null, "--method", "Auto");

        end.ExitCode.Should().Be(0, end.ToString());
        using var evidence = await EvidenceFolder.DownloadAsync(end.Printed("location")!);
        await evidence.CheckSumsAsync();
        var export = evidence.Manifest.Containers.Single().Artifacts.Single(artifact => artifact.Type == "export");
        export.Method.Should().Be(ExportMethod.Layers, export.MethodReason);
        export.Tally!.Skipped.Should().BePositive();
        evidence.Text(EvidenceNames.Notes(container.Name, container.Id)).Should().Contain("{\"note\":\"Socket\",\"path\":\"/tmp/socket\"}");
        evidence.Text(EvidenceNames.Inventory(container.Name, container.Id)).Should()
            .MatchRegex("\"/tmp/intruder\".*\"atime\".*\"diff\":\"A\"").And.MatchRegex("\"/tmp/holes\".*\"size\":1048576,\"sparse\":true");
        // By GNU tar: overlayfs' attributes are bytes, and .NET's reader ends a record at the first line break in them.
        var changes = await Command.RunAsync(
            new CommandLine("/bin/tar", "--list", "--verbose", "--file", evidence.At(EvidenceNames.Changes(container.Name, container.Id))), CancellationToken.None);
        changes.Should().MatchRegex("(?m)^-.* tmp/intruder$").And.MatchRegex("(?m)^c.* etc/group$").And.NotMatchRegex("(?m) bin/busybox$");
    }

    [Test]
    public async Task Both_ways_have_the_same_files_with_the_same_content()
    {
        await using var container = await DockerContainer.RunToEndAsync("mkdir /a; echo text > /a/file; ln -s ../x /a/link; rm -r /home");
        using var folder = new TemporaryFolder();

        var byLayers = await FilesAsync(container, folder, "Layers");
        var byRuntime = await FilesAsync(container, folder, "Runtime");

        byLayers.Should().BeEquivalentTo(byRuntime).And.HaveCountGreaterThan(250);
    }

    /// <summary>Path, type, mode, owner, size, link, diff and hash of the inventory's lines; times differ in their precision.</summary>
    private static async Task<IReadOnlyList<string>> FilesAsync(DockerContainer container, TemporaryFolder folder, string method)
    {
        var end = await AgentProcess.CaptureAsync(container.Id, $"file://{folder.Path}/{method}", null, "--method", method);
        end.ExitCode.Should().Be(0, end.ToString());
        var inventory = Path.Combine(new Uri(end.Printed("location")!).LocalPath, EvidenceNames.Inventory(container.Name, container.Id));
        return [.. (await File.ReadAllLinesAsync(inventory)).Where(line => !line.StartsWith("{\"path\":\"/\"", StringComparison.Ordinal)).Select(WithoutTimes)];
    }

    private static string WithoutTimes(string line) => Times().Replace(line, "");

    [GeneratedRegex(",\"[amc]time\":\"[^\"]*\"")]
    private static partial Regex Times();
}
