using Forensics.Tests.Cluster;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Storage.S3;

/// <summary>A whole capture into a real S3 server to which the way is bad.</summary>
[Category("Cluster")]
public sealed class FlakyS3Tests
{
    private static readonly S3Fault[] Faults = [S3Fault.SlowDown, S3Fault.Dropped, S3Fault.AnswerLost];

    [Test]
    public async Task Requests_that_fail_are_sent_again_and_lost_answers_neither_overwrite_nor_duplicate()
    {
        await using var bucket = await ScratchBucket.CreateAsync();
        await using var container = await DockerContainer.RunToEndAsync("dd if=/dev/urandom of=/large bs=1M count=60");
        await using var proxy = await S3Proxy.StartAsync(RealCluster.Descriptor.S3Endpoint);
        var seen = -1;
        var failing = new Dictionary<S3Attempt, S3Fault>();
        proxy.Script = attempt =>
        {
            // Every third request fails, twice in the same way, each in another way than the one before.
            lock (failing)
            {
                var request = attempt with { Number = 0 };
                if (attempt.Number == 1 && ++seen % 3 == 0) failing[request] = Faults[seen / 3 % Faults.Length];
                return attempt.Number <= 2 ? failing.GetValueOrDefault(request) : S3Fault.None;
            }
        };

        var end = await AgentProcess.CaptureAsync(
            container.Name, $"s3://{bucket.Name}", new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = proxy.Endpoint });

        end.ExitCode.Should().Be(0, end.ToString());
        failing.Values.Distinct().Should().HaveCount(Faults.Length, "each kind of fault was met");
        failing.Should().HaveCountGreaterThan(4);
        (await bucket.KeysAsync()).Should().HaveCount(10);
        (await bucket.OpenUploadsAsync()).Should().BeEmpty();
        using var evidence = await EvidenceFolder.DownloadAsync(end.Printed("location")!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(end.Printed("manifest-sha256"));
    }

    /// <summary>Each kind of request in turn: all of its first answers are lost.</summary>
    [TestCase("Put")]
    [TestCase("Part")]
    [TestCase("Complete")]
    public async Task A_request_whose_answer_was_lost_is_taken_for_done(string action)
    {
        await using var bucket = await ScratchBucket.CreateAsync();
        await using var container = await DockerContainer.RunToEndAsync("dd if=/dev/urandom of=/large bs=1M count=20");
        await using var proxy = await S3Proxy.StartAsync(RealCluster.Descriptor.S3Endpoint);
        proxy.Script = attempt => attempt.Action == action && attempt.Number == 1 ? S3Fault.AnswerLost : S3Fault.None;

        var end = await AgentProcess.CaptureAsync(
            container.Name, $"s3://{bucket.Name}", new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = proxy.Endpoint });

        end.ExitCode.Should().Be(0, end.ToString());
        proxy.Attempts.Should().Contain(attempt => attempt.Action == action && attempt.Number == 2);
        (await bucket.KeysAsync()).Should().HaveCount(10);
        (await bucket.OpenUploadsAsync()).Should().BeEmpty();
        using var evidence = await EvidenceFolder.DownloadAsync(end.Printed("location")!);
        await evidence.CheckSumsAsync();
        evidence.ManifestSha256.Should().Be(end.Printed("manifest-sha256"));
    }
}
