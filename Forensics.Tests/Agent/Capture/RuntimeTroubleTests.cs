using Forensics.Api;
using Forensics.Tests.Cluster;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Capture;

/// <summary>The runtime or a container goes away in the middle of an export. The export stands still there, since the store
/// takes no part of it, until the test has done its harm.</summary>
[Category("Cluster")]
public sealed class RuntimeTroubleTests
{
    private DockerContainer _container = null!;
    private S3Proxy _store = null!;
    private PlanFolder _folder = null!;

    [SetUp]
    public async Task Prepare()
    {
        _container = await DockerContainer.RunAsync("dd if=/dev/zero of=/large bs=1M count=120; echo evidence > /zz-after-the-large-one");
        _store = await S3Proxy.StartAsync(RealCluster.Descriptor.S3Endpoint);
        _store.HoldParts();
        _folder = new PlanFolder(PlanFolder.For(_container, PlanFolder.NewPrefix()));
    }

    [TearDown]
    public async Task CleanUp()
    {
        _folder.Dispose();
        await _store.DisposeAsync();
        await _container.DisposeAsync();
    }

    /// <summary>Docker takes the layer away only when its last reader is done.</summary>
    [Test]
    public async Task A_container_removed_while_it_is_exported_is_captured_whole()
    {
        using var agent = await StartAndReachExportAsync();

        await RealCluster.DockerAsync("rm", "--force", _container.Name);
        _store.ReleaseParts();
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(0, end.ToString());
        using var evidence = await EvidenceFolder.DownloadAsync(_folder.Outcome!.Location!);
        await evidence.CheckSumsAsync();
        (await TarListing.OfAsync(evidence.At(EvidenceNames.Export("web", _container.Id)))).Should()
            .Contain(entry => entry.StartsWith("zz-after-the-large-one RegularFile", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_container_removed_before_it_is_exported_leaves_all_the_rest()
    {
        await using var second = await DockerContainer.RunAsync("echo second");
        var plan = PlanFolder.For(_container, PlanFolder.NewPrefix());
        using var folder = new PlanFolder(plan with { Containers = [.. plan.Containers, new PlannedContainer { Name = "second", Id = second.Id }] });
        using var agent = await StartAndReachExportAsync(folder);

        await RealCluster.DockerAsync("rm", "--force", second.Name);
        _store.ReleaseParts();
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(1, end.ToString());
        folder.Outcome!.Reason.Should().Be(Reasons.ContainerGone);
        folder.Outcome.Message.Should().Contain("Keep the pod until its capture is Complete");
        using var evidence = await EvidenceFolder.DownloadAsync(folder.Outcome.Location!);
        await evidence.CheckSumsAsync();
        evidence.Manifest.Missing.Should().HaveCount(3, "the inventories are made from the export").And.OnlyContain(line => line.Contains(": Failed, ContainerGone: "));
        evidence.Manifest.Missing[0].Should().StartWith(EvidenceNames.Export("web", second.Id));
        evidence.Names.Should().Contain(EvidenceNames.Logs("web", second.Id)).And.Contain(EvidenceNames.Export("web", _container.Id));
    }

    [Test]
    public async Task A_daemon_that_is_killed_while_it_exports_leaves_what_was_read()
    {
        var daemon = RealCluster.Local.DockerNode.Runtime;
        using var agent = await StartAndReachExportAsync();
        try
        {
            await daemon.KillAsync(CancellationToken.None);
            _store.ReleaseParts();
            var end = await agent.EndAsync();

            await ExportShouldBePartialAsync(end);
        }
        finally
        {
            await daemon.StartAsync(CancellationToken.None);
        }
    }

    private async Task<AgentProcess> StartAndReachExportAsync(PlanFolder? folder = null)
    {
        var agent = (folder ?? _folder).StartAgent(new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = _store.Endpoint });
        await Eventually.IsTrueAsync(
            () => agent.HasEnded || _store.Attempts.Any(attempt => attempt.Action == "Part"), "the export is under way", TimeSpan.FromMinutes(1));
        agent.HasEnded.Should().BeFalse();
        return agent;
    }

    /// <summary>Everything but the export, and what is made from it, is whole; of that, there is what came before the harm was done.</summary>
    private async Task ExportShouldBePartialAsync(AgentEnd end)
    {
        end.ExitCode.Should().Be(1, end.ToString());
        var outcome = _folder.Outcome!;
        outcome.Complete.Should().BeFalse();
        outcome.Reason.Should().Be(Reasons.Incomplete, outcome.Message);

        using var evidence = await EvidenceFolder.DownloadAsync(outcome.Location!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(outcome.ManifestSha256);
        var artifacts = evidence.Manifest.Containers.Single().Artifacts;
        artifacts.Where(artifact => artifact.Type is "inspect" or "logs" or "diff").Should().HaveCount(3).And.OnlyContain(artifact => artifact.State == CaptureState.Captured);
        artifacts.Where(artifact => artifact.Type is "inventory" or "bodyfile").Should().HaveCount(2)
            .And.OnlyContain(artifact => artifact.State == CaptureState.Partial && artifact.Reason == Reasons.StreamTruncated);
        var export = artifacts.Single(artifact => artifact.Type == "export");
        export.State.Should().Be(CaptureState.Partial, export.Message);
        export.Reason.Should().Be(Reasons.StreamTruncated);
        export.Bytes.Should().Be(new FileInfo(evidence.At(export.Name)).Length).And.BePositive();
    }
}
