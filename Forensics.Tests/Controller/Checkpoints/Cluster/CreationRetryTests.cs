using System.Net;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Tests.Fakes;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

/// <summary>A plan or a Job must not be asked for twice, unless the first time was surely in vain.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CreationRetryTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly ScriptedAnswers _answers = new();
    private readonly Kubernetes _kubernetes;

    public CreationRetryTests() => _kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, _answers);

    [Test]
    public async Task A_server_that_turns_it_away_is_asked_again_when_it_said_and_not_before()
    {
        _answers.Next(HttpStatusCode.TooManyRequests, ApiJsonText.Status(429, "TooManyRequests"), retryAfterSeconds: 3);
        _answers.Next(HttpStatusCode.Created, """{"kind":"Job","apiVersion":"batch/v1","metadata":{"name":"one"}}""");

        var creating = CreateAsync();
        (await _clock.LetNextPauseEndAsync()).Should().Be(TimeSpan.FromSeconds(3));

        (await Eventually.EndsAsync(creating)).Should().BeOfType<Creation<AgentJob>.Created>().Which.Value.Metadata.Name.Should().Be("one");
    }

    [Test]
    public async Task One_that_failed_in_between_is_left_to_the_next_reconcile()
    {
        _answers.Next(HttpStatusCode.ServiceUnavailable, ApiJsonText.Status(503, "ServiceUnavailable"));

        await FluentActions.Awaiting(CreateAsync).Should().ThrowAsync<k8s.Autorest.HttpOperationException>();

        _clock.NothingPaused.Should().BeTrue();
    }

    public void Dispose()
    {
        _kubernetes.Dispose();
        _answers.Dispose();
    }

    private Task<Creation<AgentJob>> CreateAsync() =>
        new KubernetesClusterApi(_kubernetes, new CaptureOptions(), _clock).CreateJobAsync(new V1Job { Metadata = new() { Name = "one" } }, CancellationToken.None);
}
