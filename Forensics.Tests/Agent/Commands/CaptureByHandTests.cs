using System.Security.Cryptography;
using System.Text.Json;
using Forensics.Api;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Commands;

/// <summary>A person runs <c>forensics-agent capture</c> on a Docker host.</summary>
[Category("Cluster")]
public sealed class CaptureByHandTests
{
    [Test]
    public async Task A_container_is_captured_into_a_bucket_and_proven()
    {
        await using var container = await DockerContainer.RunAsync(TargetPod.Intrusion);

        var end = await AgentProcess.CaptureAsync(container.Name, $"s3://{RealCluster.Bucket}/by-hand");

        end.ExitCode.Should().Be(0, end.ToString());
        end.Output.Should().HaveCount(2, "programs read this");
        end.Printed("location").Should().MatchRegex(
            $@"^s3://{RealCluster.Bucket}/by-hand/forensics/[0-9]{{10}}_docker_{container.Name}_[0-9a-f]{{8}}/$");
        using var evidence = await EvidenceFolder.DownloadAsync(end.Printed("location")!);
        evidence.Names.Should().BeEquivalentTo(NamesOf(container));
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(end.Printed("manifest-sha256"));
        evidence.Manifest.Complete.Should().BeTrue();
        evidence.Text(EvidenceNames.Diff(container.Name, container.Id)).Split('\n').Should()
            .Contain(["A /tmp/intruder", "C /etc/passwd", "D /etc/group"]);
    }

    [Test]
    public async Task A_container_is_captured_into_a_directory_and_proven()
    {
        await using var container = await DockerContainer.RunToEndAsync($"{TargetPod.Intrusion}; echo out; echo err >&2");
        using var folder = new TemporaryFolder();

        var end = await AgentProcess.CaptureAsync(container.Id[..12], $"file://{folder.Path}/case 42", null, "--subpath", "a/b", "--name", "Suspect");

        end.ExitCode.Should().Be(0, end.ToString());
        var location = new Uri(end.Printed("location")!).LocalPath;
        location.Should().MatchRegex($"^{folder.Path}/case 42/a/b/[0-9]{{10}}_docker_Suspect_[0-9a-f]{{8}}/$");
        Directory.GetFiles(location).Select(Path.GetFileName).Should().BeEquivalentTo(NamesOf(container, "Suspect"));
        await Command.RunAsync(new CommandLine("/usr/bin/sha256sum", "--check", "--strict", "SHA256SUMS") { WorkingDirectory = location }, CancellationToken.None);
        HashOf(Path.Combine(location, "manifest.json")).Should().Be(end.Printed("manifest-sha256"));
        var logs = await File.ReadAllTextAsync(Path.Combine(location, EvidenceNames.Logs("Suspect", container.Id)));
        logs.Should().MatchRegex(@"(?m)^\S+Z stdout F out$").And.MatchRegex(@"(?m)^\S+Z stderr F err$");
    }

    [Test]
    public async Task The_inspection_is_the_daemons_own_in_the_array_that_docker_inspect_prints()
    {
        await using var container = await DockerContainer.RunToEndAsync("true");
        using var folder = new TemporaryFolder();

        var end = await AgentProcess.CaptureAsync(container.Id, $"file://{folder.Path}");

        var inspection = Path.Combine(new Uri(end.Printed("location")!).LocalPath, EvidenceNames.Inspect(container.Name, container.Id));
        using var ours = JsonDocument.Parse(await File.ReadAllTextAsync(inspection));
        using var theirs = JsonDocument.Parse(await RealCluster.DockerAsync("inspect", container.Id));
        JsonElement.DeepEquals(ours.RootElement, theirs.RootElement).Should().BeTrue();
    }

    [Test]
    public async Task Several_containers_share_one_folder()
    {
        await using var first = await DockerContainer.RunToEndAsync("echo 1");
        await using var second = await DockerContainer.RunToEndAsync("echo 2");
        using var folder = new TemporaryFolder();

        var end = await AgentProcess.CaptureAsync(first.Name, $"file://{folder.Path}", null, "--container", second.Name, "--container", first.Id);

        end.ExitCode.Should().Be(0, end.ToString());
        var location = new Uri(end.Printed("location")!).LocalPath;
        Directory.GetFiles(location).Select(Path.GetFileName).Should()
            .BeEquivalentTo(NamesOf(first).Union(NamesOf(second, first.Name)));
    }

    [Test]
    public async Task Put_and_abort_on_the_bucket_suffice_for_a_whole_capture()
    {
        await using var bucket = await ScratchBucket.CreateAsync();
        await bucket.AllowRestrictedAsync("s3:PutObject", "s3:AbortMultipartUpload");
        // More than one part.
        await using var container = await DockerContainer.RunToEndAsync("dd if=/dev/urandom of=/large bs=1M count=20");

        var end = await AgentProcess.CaptureAsync(container.Name, $"s3://{bucket.Name}", new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = RealCluster.Descriptor.S3Keys.RestrictedAccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = RealCluster.Descriptor.S3Keys.RestrictedSecretKey,
            ["FORENSICS_S3_ACL"] = "",
        });

        end.ExitCode.Should().Be(0, end.ToString());
        (await bucket.KeysAsync()).Select(Path.GetFileName).Should().BeEquivalentTo(NamesOf(container));
    }

    private static IEnumerable<string> NamesOf(DockerContainer container, string? name = null) =>
    [
        EvidenceNames.Capture,
        EvidenceNames.Inspect(name ?? container.Name, container.Id),
        EvidenceNames.Logs(name ?? container.Name, container.Id),
        EvidenceNames.History(name ?? container.Name, container.Id),
        EvidenceNames.Diff(name ?? container.Name, container.Id),
        EvidenceNames.Export(name ?? container.Name, container.Id),
        EvidenceNames.Inventory(name ?? container.Name, container.Id),
        EvidenceNames.Bodyfile(name ?? container.Name, container.Id),
        EvidenceNames.Sums,
        EvidenceNames.Manifest,
    ];

    private static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
