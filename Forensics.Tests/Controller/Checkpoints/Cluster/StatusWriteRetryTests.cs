using System.Net;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Tests.Fakes;
using k8s;
using k8s.Autorest;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

/// <summary>A status that was written, of which no answer came: the next try meets its own resourceVersion spent.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StatusWriteRetryTests : IDisposable
{
    private static readonly PodCheckpoint Wanted = Given.Checkpoint(new PodCheckpointStatus { Phase = Phase.Complete, Message = "All is stored." });

    private readonly TestClock _clock = new();
    private readonly ScriptedAnswers _answers = new();
    private readonly Kubernetes _kubernetes;

    public StatusWriteRetryTests() => _kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, _answers);

    [Test]
    public async Task That_it_is_there_is_success()
    {
        _answers.Next(HttpStatusCode.GatewayTimeout, ApiJsonText.Status(504, "Timeout"));
        _answers.Next(HttpStatusCode.Conflict, ApiJsonText.Status(409, "Conflict"));
        _answers.Next(HttpStatusCode.OK, $$$"""{"metadata":{"uid":"{{{Given.Uid}}}"},"status":{"phase":"Complete","message":"All is stored.","active":0,"succeeded":0,"failed":0,"conditions":[],"containers":[]}}""");

        var writing = WriteAsync();
        await _clock.LetNextPauseEndAsync();

        await FluentActions.Awaiting(() => Eventually.EndsAsync(writing)).Should().NotThrowAsync();
    }

    [Test]
    public async Task That_another_one_is_there_is_a_conflict()
    {
        _answers.Next(HttpStatusCode.GatewayTimeout, ApiJsonText.Status(504, "Timeout"));
        _answers.Next(HttpStatusCode.Conflict, ApiJsonText.Status(409, "Conflict"));
        _answers.Next(HttpStatusCode.OK, $$$"""{"metadata":{"uid":"{{{Given.Uid}}}"},"status":{"phase":"Failed"}}""");

        var writing = WriteAsync();
        await _clock.LetNextPauseEndAsync();

        await FluentActions.Awaiting(() => Eventually.EndsAsync(writing)).Should().ThrowAsync<HttpOperationException>();
    }

    [Test]
    public async Task A_first_try_that_is_refused_is_a_conflict_and_nothing_is_asked()
    {
        _answers.Next(HttpStatusCode.Conflict, ApiJsonText.Status(409, "Conflict"));

        await FluentActions.Awaiting(WriteAsync).Should().ThrowAsync<HttpOperationException>();

        _answers.Asked.Should().HaveCount(1);
    }

    public void Dispose()
    {
        _kubernetes.Dispose();
        _answers.Dispose();
    }

    private Task WriteAsync() => new KubernetesClusterApi(_kubernetes, new CaptureOptions(), _clock).UpdateStatusAsync(Wanted, CancellationToken.None);
}
