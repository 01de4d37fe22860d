using Forensics.Api;
using Forensics.Tests.Fakes;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

/// <summary>The reconciler when the agent does not start, goes, is replaced, or says nothing.</summary>
public sealed class AgentTroubleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_pod_that_goes_while_it_works_ends_the_capture_and_its_Job()
    {
        var world = await CaptureWorld.CapturingAsync();
        var location = world.Status.Location;
        world.Cluster.AgentPods.Clear();

        await world.ReconcileAsync();

        world.Finished.Should().Be(Reasons.AgentReplaced);
        world.Status.Message.Should().Contain(location);
        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
    }

    [Test]
    public async Task An_agent_that_is_replaced_ends_the_capture_and_its_Job()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.AgentPods.Clear();
        world.Cluster.Report(world.Cluster.MakeAgentPod(world.Job), Given.Running);

        await world.ReconcileAsync();

        world.Finished.Should().Be(Reasons.AgentReplaced);
        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.AgentPods.Should().BeEmpty();
    }

    [Test]
    public async Task A_pod_that_only_the_cache_has_lost_goes_on()
    {
        var world = await CaptureWorld.CapturingAsync();
        var pod = world.Agent;
        world.Cluster.AgentPods.Clear();
        world.CachedAgentPods.Freeze();
        world.Cluster.AgentPods.Add(pod);

        await world.ReconcileAsync();

        world.Status.Phase.Should().Be(Phase.Capturing);
        world.Cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task An_end_that_the_pods_cache_does_not_show_is_found_by_a_live_read()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.CachedAgentPods.Freeze();
        world.Cluster.Report(world.Agent, Given.Said(Given.Success));
        world.Cluster.End(world.Job, "Complete");

        await world.ReconcileAsync();
        world.Status.Phase.Should().Be(Phase.Capturing, "it is given time to settle");
        await world.ReconcileAfterAsync(Minute);

        world.Status.Phase.Should().Be(Phase.Complete);
    }

    [Test]
    public async Task A_start_that_the_pods_cache_does_not_show_is_found_by_a_live_read()
    {
        var world = await CaptureWorld.BegunAsync();
        var pod = world.Cluster.MakeAgentPod(world.Job);
        world.CachedAgentPods.Freeze();
        world.Cluster.Report(pod, Given.Running);

        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout);

        world.Status.Phase.Should().Be(Phase.Capturing);
    }

    [Test]
    public async Task An_agent_that_dies_without_a_word_leaves_the_outcome_unknown_and_says_what_to_check()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.Report(world.Agent, Given.Terminated(null, 137, "OOMKilled"));

        await world.ReconcileAsync();

        world.Finished.Should().Be(Reasons.OutcomeUnknown);
        world.Status.Message.Should().Contain("OOMKilled").And.Contain($"Check {world.Status.Location}");
        world.Cluster.Jobs.Should().HaveCount(1, "people may want to read its log");
    }

    [Test]
    public async Task An_image_that_cannot_be_pulled_is_told_while_it_waits_and_at_the_end()
    {
        var world = await CaptureWorld.BegunAsync();
        world.Cluster.Report(world.Cluster.MakeAgentPod(world.Job), Given.Waiting("ImagePullBackOff", "no such image"));

        await world.ReconcileAfterAsync(Minute);
        world.Status.Conditions.Single(c => c.Type == ConditionTypes.Waiting).Reason.Should().Be(Reasons.AgentImageNotPulled);
        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout);

        world.Finished.Should().Be(Reasons.AgentImageNotPulled);
        world.Cluster.Jobs.Should().BeEmpty("it must not start after the end");
    }

    [Test]
    public async Task An_agent_that_does_not_start_for_no_known_reason_ends_at_its_deadline()
    {
        var world = await CaptureWorld.BegunAsync();
        world.Cluster.MakeAgentPod(world.Job);
        await world.ReconcileAfterAsync(Minute);
        world.Status.Phase.Should().Be(Phase.Pending);
        var next = await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout - Minute - TimeSpan.FromSeconds(2));
        next.RequeueAfter.Should().Be(TimeSpan.FromSeconds(2), "that is when its time is over");
        await world.ReconcileAfterAsync(TimeSpan.FromSeconds(2));
        world.Finished.Should().Be(Reasons.AgentNotStarted);
        world.Cluster.Jobs.Should().BeEmpty();
    }

    // A node that is cut off may have started it, and could not say so.
    [Test]
    public async Task An_agent_whose_node_went_silent_may_have_stored_something()
    {
        var world = await CaptureWorld.BegunAsync();
        world.Cluster.MakeAgentPod(world.Job);
        world.Cluster.Nodes["node-1"] = Given.Node("Unknown");

        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout);

        world.Finished.Should().Be(Reasons.NodeNotReady);
        world.Status.Message.Should().Contain("may have started unheard").And.Contain($"Check {world.Status.Location}");
        world.Status.Containers.Should().OnlyContain(container => container.State == CaptureState.Unknown);
    }

    [Test]
    public async Task An_agent_that_its_node_says_does_not_start_has_stored_nothing()
    {
        var world = await CaptureWorld.BegunAsync();
        world.Cluster.Report(world.Cluster.MakeAgentPod(world.Job), Given.Waiting("CreateContainerConfigError", "no secret"));

        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout);

        world.Finished.Should().Be(Reasons.AgentNotStarted);
        world.Status.Message.Should().NotContain("unheard");
        world.Status.Containers.Should().OnlyContain(container => container.State == CaptureState.Failed);
    }

    [Test]
    public async Task A_Job_that_may_not_be_made_is_asked_for_again_until_the_deadline()
    {
        var world = new CaptureWorld();
        world.Cluster.JobRefusal = "exceeded quota";
        world.Apply();
        await world.ReconcileAsync();
        world.Status.Conditions.Single(c => c.Type == ConditionTypes.Waiting).Message.Should().Contain("exceeded quota");
        world.Status.JobName.Should().BeNull();

        world.Cluster.JobRefusal = null;
        await world.ReconcileAfterAsync(Minute);
        world.Cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task The_first_refusal_after_an_outage_is_not_the_last_word()
    {
        var world = new CaptureWorld();
        world.Cluster.BeforeWrite = write =>
        {
            if (write == "create job") throw new HttpRequestException("nobody answers");
        };
        world.Apply();
        await FluentActions.Awaiting(() => world.ReconcileAsync()).Should().ThrowAsync<HttpRequestException>();
        world.Cluster.BeforeWrite = _ => { };
        world.Cluster.JobRefusal = "the webhook is not up yet";

        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout + Minute);

        world.Status.Conditions.Single(c => c.Type == ConditionTypes.Waiting).Message.Should().Contain("not up yet");
        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout);
        world.Finished.Should().Be(Reasons.AgentRejected);
    }

    [Test]
    public async Task A_plan_that_may_not_be_written_is_tried_again_until_the_deadline()
    {
        var world = new CaptureWorld();
        world.Cluster.PlanRefusal = "exceeded quota";
        world.Apply();
        await world.ReconcileAsync();
        await world.ReconcileAfterAsync(Given.Options.TargetTimeout);
        world.Finished.Should().Be(Reasons.AgentRejected);
    }

    [Test]
    public async Task Without_its_PodTemplate_the_agent_is_waited_for_until_the_deadline()
    {
        var world = new CaptureWorld();
        world.Cluster.Template = null;
        world.Apply();
        await world.ReconcileAsync();
        await world.ReconcileAfterAsync(Given.Options.AgentStartTimeout);
        world.Finished.Should().Be(Reasons.AgentTemplateMissing);
        world.Cluster.Plans.Should().BeEmpty("no Job will ever need it");
    }

    [Test]
    public async Task A_Job_that_somebody_deletes_is_not_made_again()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.RemoveJob(Given.Name);
        await world.ReconcileAsync();
        world.Finished.Should().Be(Reasons.JobDeleted);
        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
    }

    [Test]
    public async Task A_plan_that_somebody_deletes_is_not_written_again()
    {
        var world = await CaptureWorld.CapturingAsync();
        world.Cluster.RemovePlan(Given.Name);
        world.Restart();
        await world.ReconcileAsync();
        world.Finished.Should().Be(Reasons.JobDeleted);
        world.Cluster.Plans.Should().BeEmpty();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_Job_deleted_before_the_status_could_tell_of_it_is_known_by_its_events(bool withItsPlan)
    {
        var world = await CaptureWorld.BegunAsync();
        world.Cluster.MakeAgentPod(world.Job);
        world.Apply(world.Checkpoint with { Status = null }); // The process died before it wrote it.
        if (withItsPlan) world.Cluster.RemovePlan(Given.Name);
        else world.Cluster.RemoveJob(Given.Name);
        world.Restart();

        await world.ReconcileAsync();

        world.Finished.Should().Be(Reasons.JobDeleted);
        world.Status.Message.Should().Contain("s3://bucket/forensics/1767225600_shop_bad-pod_").And.NotContain("Nothing was stored");
        world.Cluster.Jobs.Should().BeEmpty();
        world.Cluster.Plans.Should().BeEmpty();
    }

    [Test]
    public async Task A_foreign_Job_of_our_name_is_left_alone_for_good()
    {
        var world = new CaptureWorld();
        world.Cluster.Jobs[Given.Name] = Foreign(new V1Job());
        await NameIsTakenAsync(world, "Job");
        world.Cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task A_foreign_Job_that_bears_our_labels_too_is_left_alone_for_good()
    {
        var world = new CaptureWorld();
        var copy = Given.Job(); // Restored from a backup, say: its plan is another.
        copy.Metadata.OwnerReferences = null;
        world.Cluster.Jobs[Given.Name] = copy;
        await NameIsTakenAsync(world, "Job");
        world.Cluster.Jobs.Should().HaveCount(1);
    }

    [Test]
    public async Task A_foreign_ConfigMap_of_our_name_is_left_alone_for_good()
    {
        var world = new CaptureWorld();
        world.Cluster.Plans[Given.Name] = Foreign(new V1ConfigMap());
        await NameIsTakenAsync(world, "ConfigMap");
        world.Cluster.Plans.Should().HaveCount(1);
        world.Cluster.Jobs.Should().BeEmpty();
    }

    private static async Task NameIsTakenAsync(CaptureWorld world, string kind)
    {
        world.Apply();
        await world.ReconcileAsync();
        world.Finished.Should().Be(Reasons.NameTaken);
        world.Status.Message.Should().Contain($"a {kind} '{Given.Name}'");
        world.Status.JobName.Should().BeNull();

        for (var i = 0; i < 3; i++)
        {
            await world.ReconcileAfterAsync(TimeSpan.FromDays(1));
            await world.SweepAsync();
        }
    }

    private static T Foreign<T>(T thing)
        where T : k8s.IKubernetesObject<V1ObjectMeta>
    {
        thing.Metadata = new V1ObjectMeta { Name = Given.Name, NamespaceProperty = Given.Options.WorkerNamespace, Uid = "foreign" };
        return thing;
    }
}
