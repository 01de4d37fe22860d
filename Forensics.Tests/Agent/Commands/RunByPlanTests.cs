using System.Text.Json;
using Forensics.Api;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Agent.Commands;

/// <summary>The agent with a plan, as a Job runs it, but with no Job around it.</summary>
[Category("Cluster")]
public sealed class RunByPlanTests
{
    [Test]
    public async Task Outcome_manifest_and_bucket_say_the_same()
    {
        await using var container = await DockerContainer.RunToEndAsync(TargetPod.Intrusion);
        var plan = PlanFolder.For(container, PlanFolder.NewPrefix());
        using var folder = new PlanFolder(plan);

        using var agent = folder.StartAgent();
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(0, end.ToString());
        var outcome = folder.Outcome!;
        outcome.Complete.Should().BeTrue();
        outcome.Reason.Should().Be(Reasons.Captured);
        outcome.Location.Should().Be($"{plan.Destination}/{plan.CreatedAt.ToUnixTimeSeconds()}_shop_web_01234567/");
        outcome.Containers.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Name = "main", Kind = ContainerKind.Regular, Runtime = "docker", container.Id, State = CaptureState.Captured, Reason = (string?)null });

        using var evidence = await EvidenceFolder.DownloadAsync(outcome.Location!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(outcome.ManifestSha256);
        evidence.Names.Should().HaveCount(outcome.Objects).And.Contain(["web.yaml", "web.txt"]);
        evidence.Names.Sum(name => new FileInfo(evidence.At(name)).Length).Should().Be(outcome.Bytes);
        evidence.Manifest.Agent.Should().BeEquivalentTo(
            new { PodName = "agent-pod", PodUid = "01234567-0000-0000-0000-000000000000", NodeName = "node-1" });
        evidence.Manifest.PodCheckpoint.Should().Be(plan.PodCheckpoint);
        evidence.Manifest.Runtime!.Name.Should().Be("docker");
        evidence.Manifest.Runtime.StorageDriver.Should().Be("overlay2");
        evidence.Manifest.Runtime.Version.Should().NotBeEmpty();
        evidence.Text("web.yaml").Should().Be("kind: Pod\n");
    }

    [Test]
    public async Task Each_line_of_stdout_is_a_progress_that_only_grows()
    {
        await using var container = await DockerContainer.RunToEndAsync("true");
        using var folder = new PlanFolder(PlanFolder.For(container, PlanFolder.NewPrefix()));

        using var agent = folder.StartAgent();
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(0, end.ToString());
        var progress = end.Output.Select(line => JsonSerializer.Deserialize(line, ApiJson.Compact.CaptureProgress)!).ToList();
        progress.Select(p => p.ArtifactsDone).Should().BeInAscendingOrder().And.EndWith(10);
        progress.Select(p => p.Bytes).Should().BeInAscendingOrder();
        progress.Select(p => p.Time).Should().BeInAscendingOrder().And.NotContainNulls();
        progress[^1].Artifact.Should().Be(EvidenceNames.Export("web", container.Id));
        progress[^1].Container.Should().Be("main");
    }

    [Test]
    public async Task A_container_that_is_not_there_leaves_the_rest_captured()
    {
        await using var container = await DockerContainer.RunToEndAsync("true");
        var plan = PlanFolder.For(container, PlanFolder.NewPrefix());
        using var folder = new PlanFolder(plan with
        {
            Containers = [.. plan.Containers, new PlannedContainer { Name = "gone", Id = new string('a', 64) }, new PlannedContainer { Name = "never" }],
        });

        using var agent = folder.StartAgent();
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(1);
        var outcome = folder.Outcome!;
        outcome.Complete.Should().BeFalse();
        outcome.Reason.Should().Be(Reasons.ContainerGone);
        outcome.Containers.Select(c => (c.Name, c.State, c.Reason)).Should().BeEquivalentTo<(string, CaptureState, string?)>(
        [
            ("main", CaptureState.Captured, null),
            ("gone", CaptureState.Failed, Reasons.ContainerGone),
            ("never", CaptureState.Skipped, Reasons.NotStarted),
        ]);
        using var evidence = await EvidenceFolder.DownloadAsync(outcome.Location!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(outcome.ManifestSha256);
        evidence.Manifest.Missing.Should().HaveCount(7).And.OnlyContain(line => line.StartsWith("web-aaaaaaaaaaaa-", StringComparison.Ordinal));
    }

    [TestCase("{", "*is no JSON of a plan*")]
    [TestCase("null", "*is empty*")]
    [TestCase("{\"version\": 1, \"target\": null}", "*is no JSON of a plan*target*null*")]
    [TestCase("{\"version\": 1}", "*destination*")]
    [TestCase("{\"version\": 2}", "*version 2*")]
    [TestCase("{\"version\": 1, \"destination\": \"s3://bucket/a/../b\"}", "*destination*")]
    public async Task A_plan_that_cannot_be_used_is_an_outcome_too(string plan, string message)
    {
        await using var container = await DockerContainer.RunToEndAsync("true");
        using var folder = new PlanFolder(PlanFolder.For(container, PlanFolder.NewPrefix()));
        folder.Overwrite(plan);

        using var agent = folder.StartAgent();
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(2);
        folder.Outcome!.Reason.Should().Be(Reasons.InvalidPlan);
        folder.Outcome.Message.Should().Match(message).And.EndWith("deploy both from one release.");
        end.Output.Should().BeEmpty();
    }
}
