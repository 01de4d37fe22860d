using Forensics.Api;
using Forensics.Tests.Cluster;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Commands;

/// <summary>A capture that is told to end, or is killed, in the middle of an export. The export stands still there because
/// the store takes no part of it, so that nothing depends on how fast this machine is.</summary>
[Category("Cluster")]
public sealed class CutOffCaptureTests
{
    private DockerContainer _container = null!;
    private S3Proxy _store = null!;
    private string _prefix = "";

    /// <summary>Several parts, so that the export cannot end while the store holds them.</summary>
    [OneTimeSetUp]
    public async Task MakeContainer() => _container = await DockerContainer.RunToEndAsync("dd if=/dev/zero of=/large bs=1M count=100");

    [OneTimeTearDown]
    public async Task RemoveContainer() => await _container.DisposeAsync();

    [SetUp]
    public async Task HoldStore()
    {
        _store = await S3Proxy.StartAsync(RealCluster.Descriptor.S3Endpoint);
        _store.HoldParts();
        _prefix = PlanFolder.NewPrefix();
    }

    [TearDown]
    public async Task StopStore() => await _store.DisposeAsync();

    [TestCase("TERM", "SIGTERM")]
    [TestCase("INT", "SIGINT")]
    public async Task Told_to_end_it_closes_the_folder_and_says_what_is_missing(string signal, string name)
    {
        using var folder = new PlanFolder(PlanFolder.For(_container, _prefix));
        using var agent = await StartAndReachExportAsync(folder);

        await agent.SignalAsync(signal);
        var end = await agent.EndAsync();

        await ShouldBeClosedAsync(folder, end, Reasons.Cancelled);
        folder.Outcome!.Message.Should().Contain(name);
    }

    [Test]
    public async Task At_its_own_deadline_it_closes_the_folder_and_says_what_is_missing()
    {
        using var folder = new PlanFolder(PlanFolder.For(_container, _prefix) with { AgentDeadlineSeconds = 10 });
        using var agent = await StartAndReachExportAsync(folder);

        var end = await agent.EndAsync();

        await ShouldBeClosedAsync(folder, end, Reasons.DeadlineExceeded);
    }

    [Test]
    public async Task Killed_it_leaves_an_unfinished_upload_at_most_and_no_manifest()
    {
        using var folder = new PlanFolder(PlanFolder.For(_container, _prefix));
        using var agent = await StartAndReachExportAsync(folder);

        await agent.SignalAsync("KILL");
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(128 + 9);
        folder.Outcome.Should().BeNull();
        var names = (await EvidenceFolder.KeysAsync(_prefix)).Select(Path.GetFileName).ToList();
        names.Should().Contain(EvidenceNames.Capture).And.NotContain([EvidenceNames.Manifest, EvidenceNames.Sums]);
        names.Should().NotContain(EvidenceNames.Export("web", _container.Id));
        (await EvidenceFolder.OpenUploadsAsync(_prefix)).Should().ContainSingle(key => key.EndsWith("-export.tar", StringComparison.Ordinal));
    }

    private async Task<AgentProcess> StartAndReachExportAsync(PlanFolder folder)
    {
        var agent = folder.StartAgent(new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = _store.Endpoint });
        await Eventually.IsTrueAsync(
            () => agent.HasEnded || _store.Attempts.Any(attempt => attempt.Action == "Part"), "the export is under way", TimeSpan.FromMinutes(1));
        agent.HasEnded.Should().BeFalse();
        return agent;
    }

    private async Task ShouldBeClosedAsync(PlanFolder folder, AgentEnd end, string reason)
    {
        end.ExitCode.Should().Be(1, end.ToString());
        var outcome = folder.Outcome!;
        outcome.Complete.Should().BeFalse();
        outcome.Reason.Should().Be(reason);
        (await EvidenceFolder.OpenUploadsAsync(_prefix)).Should().BeEmpty();

        using var evidence = await EvidenceFolder.DownloadAsync(outcome.Location!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(outcome.ManifestSha256);
        evidence.Manifest.Reason.Should().Be(reason);
        evidence.Manifest.Missing.Should().HaveCount(3, "the inventories are made from the export").And.OnlyContain(line => line.Contains($": {CaptureState.Failed}, {reason}: "));
        evidence.Manifest.Missing[0].Should().StartWith(EvidenceNames.Export("web", _container.Id));
        evidence.Names.Should().NotContain(EvidenceNames.Export("web", _container.Id)).And.HaveCount(outcome.Objects);
    }
}
