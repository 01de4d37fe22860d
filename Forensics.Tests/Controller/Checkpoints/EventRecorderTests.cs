using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller.Checkpoints;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventRecorderTests
{
    private static readonly Verdict Failed = new(Reasons.ContainerGone, new string('x', 2000));

    private readonly InMemoryCluster _cluster = new(new TestClock(), Given.Options.WorkerNamespace);

    [Test]
    public async Task What_is_told_twice_is_read_once()
    {
        for (var i = 0; i < 2; i++) await Recorder().EndedAsync(Given.Checkpoint(), Failed, CancellationToken.None);
        _cluster.Events.Should().ContainSingle();
    }

    [Test]
    public async Task An_event_lies_beside_its_PodCheckpoint_and_is_no_longer_than_the_server_takes()
    {
        await Recorder().EndedAsync(Given.Checkpoint(), Failed, CancellationToken.None);

        var told = _cluster.Events.Single();
        (told.Type, told.Reason, told.Metadata.NamespaceProperty).Should().Be(("Warning", "CaptureFailed", "cases"));
        (told.InvolvedObject.Kind, told.InvolvedObject.Name, told.InvolvedObject.Uid).Should().Be((ForensicsApi.Kind, "case-42", Given.Uid));
        told.Message.Should().StartWith("ContainerGone: ").And.HaveLength(1024);
    }

    [Test]
    public async Task An_event_that_cannot_be_recorded_is_not_worth_a_second_reconcile()
    {
        _cluster.BeforeWrite = _ => throw InMemoryCluster.Conflict();
        await Recorder().Invoking(r => r.EndedAsync(Given.Checkpoint(), Failed, CancellationToken.None)).Should().NotThrowAsync();
    }

    [Test]
    public async Task Being_stopped_is_not_mistaken_for_it()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        _cluster.BeforeWrite = _ => throw new OperationCanceledException(stopped.Token);
        await Recorder().Invoking(r => r.EndedAsync(Given.Checkpoint(), Failed, stopped.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    private EventRecorder Recorder() => new(_cluster, new TestClock(), NullLogger<EventRecorder>.Instance);
}
