using System.Text.Json;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>That what is kept decides the same is a law of <see cref="CaptureDecisionTotalityTests"/>.</summary>
internal sealed class EndedCheckpointTests
{
    [Test]
    public void What_goes_on_is_kept_whole()
    {
        foreach (var status in new[] { null, new PodCheckpointStatus { Message = "It waits." }, new PodCheckpointStatus { Phase = Phase.Capturing } })
        {
            var checkpoint = Given.Checkpoint(status);
            EndedCheckpoint.PartOf(checkpoint).Should().BeSameAs(checkpoint);
        }
    }

    [Test]
    public async Task What_has_ended_is_kept_by_what_is_asked_of_it()
    {
        var whole = (await CaptureWorld.FinishedAsync(Given.Success)).Checkpoint with { Spec = Given.Checkpoint().Spec with { TtlSecondsAfterFinished = 60 } };

        var kept = EndedCheckpoint.PartOf(whole);

        kept.Metadata.Should().Be(whole.Metadata);
        kept.Spec.Should().Be(new PodCheckpointSpec { TtlSecondsAfterFinished = 60 });
        kept.Status.Should().BeEquivalentTo(new PodCheckpointStatus
        {
            Phase = Phase.Complete,
            CompletionTime = whole.Status!.CompletionTime,
            ObservedGeneration = whole.Status.ObservedGeneration,
            SpecHash = whole.Status.SpecHash,
        });
        EndedCheckpoint.PartOf(kept).Should().BeEquivalentTo(kept, "a part of the part is the part");
    }

    [Test]
    public void What_is_kept_is_not_what_is_read_live()
    {
        var ended = Given.Checkpoint(new PodCheckpointStatus { Phase = Phase.Failed, Message = "Why." });
        var json = JsonSerializer.SerializeToElement(ended, ApiJson.Compact.PodCheckpoint);

        ResourceTypes.PodCheckpoints.Of(json).Status!.Message.Should().Be("Why.");
        ResourceTypes.PodCheckpoints.Keeping(EndedCheckpoint.PartOf).Of(json).Status!.Message.Should().BeNull();
    }

    [Test]
    public async Task Words_that_were_let_go_of_are_read_again_where_somebody_took_the_status_back()
    {
        var world = await CaptureWorld.FinishedAsync(Given.Success);
        var (end, begun) = (world.Status, world.Status with { Phase = Phase.Capturing, CompletionTime = null, Conditions = [] });
        await world.ReconcileAsync();
        world.CachedAgentPods.List().Single().Container!.Terminated!.Message.Should().BeNull("the status has them");

        world.Cluster.Checkpoints[CaptureWorld.Key] = world.Checkpoint with { Status = begun };
        await world.ReconcileAsync();

        world.Status.Phase.Should().Be(Phase.Complete, world.Status.Message);
        world.Status.ManifestSha256.Should().Be(end.ManifestSha256);
    }
}
