using Forensics.Api;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Agent.Commands;

/// <summary>The agent as a program, and a volume whose file system does not answer.</summary>
[Category("Cluster")]
public sealed class HangingVolumeTests
{
    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task It_keeps_no_folder_from_being_closed_in_time(bool saysThatItIsThere, bool isReleased)
    {
        using var mount = new HangingMount(isKnown: saysThatItIsThere);
        await using var container = await DockerContainer.RunToEndAsync("true");
        using var folder = new PlanFolder(PlanFolder.For(container, PlanFolder.NewPrefix()) with
        {
            AgentDeadlineSeconds = 20, // A slow machine takes half of that to begin.
            Volumes = [new PlannedVolume { Name = "data", Kind = "nfs", HostPath = mount.Path, IsReleased = isReleased }],
        });

        using var agent = folder.StartAgent();
        var end = await agent.EndAsync(TimeSpan.FromSeconds(60));

        end.ExitCode.Should().Be(1, end.ToString());
        folder.Outcome!.Reason.Should().Be(Reasons.DeadlineExceeded);
        using var evidence = await EvidenceFolder.DownloadAsync(folder.Outcome.Location!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(folder.Outcome.ManifestSha256);
        evidence.Manifest.Artifacts.Single(artifact => artifact.Type == "volume").Should().BeEquivalentTo(
            new { State = CaptureState.Failed, Reason = Reasons.DeadlineExceeded });
        evidence.Manifest.Containers.Single().Artifacts.Should().Contain(artifact => artifact.Type == "diff" && artifact.State == CaptureState.Captured);
    }
}
