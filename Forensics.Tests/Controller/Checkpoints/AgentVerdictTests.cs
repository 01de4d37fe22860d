using Forensics.Api;
using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class AgentVerdictTests
{
    [Test]
    public void Success_names_the_folder_and_frees_the_pod()
    {
        var verdict = Of(Given.Success);
        (verdict.Complete, verdict.Reason).Should().Be((true, Reasons.Captured));
        verdict.Message.Should().Contain(Given.Folder).And.Contain("may be deleted now");
    }

    [Test]
    public void Failure_gives_the_agents_reason_and_the_folder_as_the_controller_knows_it()
    {
        var verdict = Of(Given.Failure() with { Location = "s3://mallory/" });
        (verdict.Complete, verdict.Reason).Should().Be((false, Reasons.ContainerGone));
        verdict.Message.Should().Contain("The container went away.").And.Contain(Given.Folder).And.NotContain("mallory");
    }

    [Test]
    public void A_failure_before_anything_was_stored_names_no_folder()
    {
        var verdict = Of(Given.Failure(Reasons.BucketNotFound) with { Objects = 0, Bytes = 0, ManifestSha256 = null });
        verdict.Message.Should().EndWith("Nothing was stored.").And.NotContain(Given.Folder);
    }

    [TestCase("Captured")]
    [TestCase("two words")]
    [TestCase("\u001b[2J")]
    [TestCase("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg")]
    public void A_failure_cannot_pass_for_anything_else(string reason) => Of(Given.Failure(reason)).Reason.Should().Be(Reasons.OutcomeUnknown);

    [Test]
    public void Where_the_evidence_is_is_said_once()
    {
        Of(Given.Failure()).Message.Should().EndWith($"What was stored is in {Given.Folder}.");
        Of(Given.Failure() with { Message = $"What was captured is stored in {Given.Folder}; see its manifest." }).Message
            .Should().Be($"What was captured is stored in {Given.Folder}; see its manifest.");
    }

    [Test]
    public void An_agent_without_an_outcome_is_quoted_safely_with_what_to_check()
    {
        var verdict = Without(Given.Agent(Given.Terminated("panic\u001b[2J", 137, "OOMKilled")));
        verdict.Reason.Should().Be(Reasons.OutcomeUnknown);
        verdict.Message.Should().Contain("OOMKilled").And.Contain("more memory than the PodTemplate's limit").And.Contain("exit code 137")
            .And.Contain(@"panic\u001b[2J").And.Contain($"Check {Given.Folder}").And.Contain("manifest.json");
        Without(Given.Agent(Given.Terminated(" ", 1, "Error"))).Message.Should().Contain("exit code 1, and left no outcome; it said nothing. Check");
    }

    [Test]
    public void An_agent_that_was_killed_is_said_to_have_been() =>
        Without(Given.Agent(Given.Terminated("Captured diff.txt.\n{\"bytes\":1}\n", 137, "Error"))).Message.Should().StartWith(
            "The agent ended with Error (it was killed, by somebody or by its node), exit code 137, and left no outcome; it last said: Captured diff.txt. Check");

    [Test]
    public void A_pod_that_never_had_a_node_stored_nothing()
    {
        var pod = Given.Agent();
        pod.Status.Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/2 nodes are available" }];
        (pod.Status.Phase, pod.Status.Reason, pod.Status.Message) = ("Failed", "Preempting", "not needed");
        var verdict = Without(pod);
        (verdict.Reason, verdict.MayHaveStored).Should().Be((Reasons.AgentNotStarted, false));
        verdict.Message.Should().Contain("before its container started: Preempting: not needed").And.Contain("Nothing was stored");
    }

    // The garbage collector of pods fails those of a node that is lost, and the agent may have worked there unheard.
    [Test]
    public void A_pod_whose_node_last_said_that_its_container_waits_may_have_stored_something()
    {
        var pod = Given.Agent(Given.Waiting("ContainerCreating"));
        (pod.Status.Phase, pod.Status.Reason, pod.Status.Message) = ("Failed", "DeletionByPodGC", "the node is no longer there");
        var verdict = Without(pod);
        (verdict.Reason, verdict.MayHaveStored).Should().Be((Reasons.AgentNotStarted, true));
        verdict.Message.Should().Contain("DeletionByPodGC: the node is no longer there").And.Contain($"Check {Given.Folder}").And.NotContain("Nothing was stored");
    }

    [Test]
    public void A_pod_that_goes_on_when_its_Job_has_ended_is_not_said_to_have_ended()
    {
        Without(Given.Agent(Given.Waiting("ContainerCreating"))).Message.Should().StartWith("The Job ended before the agent's pod did, and when its node last spoke");
        Without(Given.Agent()).Message.Should().StartWith("The Job ended before the agent's pod did, without a word of its container");
    }

    // Between two leaders an agent may begin, store and be evicted, and no status ever said that it ran.
    [Test]
    public void A_pod_whose_container_is_forgotten_may_have_stored_something()
    {
        var pod = Given.Agent();
        pod.Status = new V1PodStatus { Phase = "Failed", Reason = "Evicted", Message = "disk pressure" };
        var verdict = Without(pod);
        (verdict.Reason, verdict.MayHaveStored).Should().Be((Reasons.OutcomeUnknown, true));
        verdict.Message.Should().Contain("Evicted: disk pressure").And.Contain($"Check {Given.Folder}").And.NotContain("Nothing was stored");
    }

    [Test]
    public void One_that_was_evicted_in_mid_capture_may_have_stored_something_whatever_its_status_has_forgotten()
    {
        var pod = Given.Agent();
        pod.Status = new V1PodStatus { Phase = "Failed", Reason = "Evicted", Message = "disk pressure" };
        var seen = Given.Begun(Given.Job(), pod).WithStatus(new PodCheckpointStatus { Phase = Phase.Capturing, Location = Given.Folder });

        var verdict = AgentVerdict.WithoutOutcome(pod.Seen(), seen);

        verdict.Reason.Should().Be(Reasons.OutcomeUnknown);
        verdict.Message.Should().Contain("Evicted: disk pressure").And.Contain($"Check {Given.Folder}").And.NotContain("Nothing was stored");
    }

    [Test]
    public void A_pod_that_is_gone_leaves_the_folder_to_be_checked()
    {
        var seen = Given.Begun(Given.Job("Failed"));
        AgentVerdict.WithoutOutcome(null, seen).Message.Should().Contain("its pod is gone").And.Contain("No evidence folder is known");
        AgentVerdict.WithoutOutcome(null, seen.WithStatus(new PodCheckpointStatus { Location = Given.Folder })).Message.Should().Contain($"Check {Given.Folder}");
    }

    [Test]
    public void A_folder_that_only_the_pod_names_is_named_all_the_same()
    {
        var seen = Given.Begun(Given.Job(), Given.Agent(Given.Running));
        AgentVerdict.DeadlineExceeded(seen).Message.Should().Contain("21600 seconds").And.Contain($"Check {Given.Folder}");
        AgentVerdict.Replaced(seen).Message.Should().Contain($"Check {Given.Folder}");
    }

    [Test]
    public void An_agent_that_closed_its_folder_when_the_Jobs_deadline_stopped_it_is_believed_about_what_it_stored()
    {
        var seen = Given.Begun(Given.Job("Failed", "DeadlineExceeded"), Given.Agent(Given.Said(Given.Failure(Reasons.Cancelled))));

        var verdict = AgentVerdict.DeadlineExceeded(seen, Given.Failure(Reasons.Cancelled));

        verdict.Message.Should().Contain("21600 seconds").And.Contain("manifest.json says what is missing");
        StatusCalculator.Finished(seen, verdict).ManifestSha256.Should().Be(Given.Failure().ManifestSha256).And.NotBeNull();
    }

    private static Verdict Of(CaptureOutcome outcome) => AgentVerdict.Of(outcome, Given.Agent().Seen(), Given.Begun(Given.Job(), Given.Agent()));

    private static Verdict Without(V1Pod pod) => AgentVerdict.WithoutOutcome(pod.Seen(), Given.Begun(Given.Job(), pod));
}
