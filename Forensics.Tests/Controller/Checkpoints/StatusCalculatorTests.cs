using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class StatusCalculatorTests
{
    private static readonly Trouble Trouble = new(Reasons.NodeNotReady, "The node sleeps.");
    private static readonly Verdict Captured = AgentVerdict.Of(Given.Success, Given.Agent().Seen(), Given.Planned());

    [Test]
    public void Waiting_says_what_for_in_message_and_condition()
    {
        var status = StatusCalculator.Waiting(new Observation { Checkpoint = Given.Checkpoint(), Now = Given.Start }, Trouble);

        (status.Phase, status.Message, status.TargetNamespace, status.StartTime).Should().Be((Phase.Pending, "The node sleeps.", "shop", Given.Start));
        var condition = status.Conditions.Should().ContainSingle().Subject;
        (condition.Type, condition.Status, condition.Reason, condition.LastTransitionTime).Should().Be(("Waiting", "True", Reasons.NodeNotReady, Given.Start));
    }

    [Test]
    public void The_same_observation_makes_the_same_status_whenever_it_is_made()
    {
        var seen = Given.Planned();
        var first = StatusCalculator.Waiting(seen, Trouble);
        var later = StatusCalculator.Waiting(seen.WithStatus(first).After(TimeSpan.FromHours(1)), Trouble);
        later.Should().BeEquivalentTo(first);
    }

    [Test]
    public void What_is_planned_shows_before_the_agent_starts()
    {
        var status = StatusCalculator.Starting(Given.Begun(Given.Job()));

        (status.TargetUid, status.NodeName, status.JobName, status.Location).Should().Be(("target-uid", "node-1", Given.Name, null));
        status.Active.Should().Be(0, "the Job may count its pod before it shows: the pod tells");
        status.Message.Should().Contain("node-1").And.Contain("Do not delete the pod yet");
        status.Containers.Should().Equal(new ContainerStatus { Name = "app", Runtime = "docker", Id = "c0ffee", State = CaptureState.Pending });
    }

    [Test]
    public void A_foreign_Job_is_not_spoken_of_as_ours()
    {
        var job = Given.Job();
        job.Metadata.Labels = null;
        var status = StatusCalculator.Ongoing(Given.Begun(job));
        (status.JobName, status.Active).Should().Be((null, 0));
    }

    [Test]
    public void The_folder_is_named_with_the_first_agent_and_stays()
    {
        var first = StatusCalculator.Ongoing(Given.Begun(Given.Job(), Given.Agent()));
        (first.Location, first.Active).Should().Be((Given.Folder, 1));
        StatusCalculator.Ongoing(Given.Begun(Given.Job(), Given.Agent(uid: "bbbbbbbb-1")).WithStatus(first)).Location.Should().Be(Given.Folder);
    }

    [Test]
    public void A_running_agent_ends_the_waiting_and_shows_its_progress()
    {
        var seen = Given.Begun(Given.Job(), Given.Agent(Given.Running));
        var waited = seen.WithStatus(StatusCalculator.Waiting(seen, Trouble));
        var progress = new CaptureProgress { Time = Given.Start, Bytes = 1536, Container = "app" };

        var status = StatusCalculator.Capturing(waited, progress);

        (status.Phase, status.Bytes, status.Size, status.Progress).Should().Be((Phase.Capturing, 1536, "1.5 KiB", progress));
        status.Conditions.IsTrue(ConditionTypes.Waiting).Should().BeFalse();
        StatusCalculator.Capturing(seen.WithStatus(status), null).Should().BeEquivalentTo(status, "no word is no news");
    }

    [Test]
    public void A_spec_that_was_changed_shows_until_it_is_restored()
    {
        var seen = Given.Begun(Given.Job());
        var changed = seen with { Checkpoint = seen.Checkpoint with { Spec = seen.Checkpoint.Spec with { Pod = "x" } } };

        var status = StatusCalculator.Ongoing(changed);

        status.Conditions.IsTrue(ConditionTypes.SpecChanged).Should().BeTrue();
        StatusCalculator.Ongoing(seen.WithStatus(status)).Conditions.IsTrue(ConditionTypes.SpecChanged).Should().BeFalse();
        StatusCalculator.Ongoing(seen).Conditions.Should().BeEmpty("what never was needs no condition");
    }

    [Test]
    public void Complete_says_so_everywhere()
    {
        var status = StatusCalculator.Finished(Given.Begun(Given.Job(), Given.Agent(Given.Said(Given.Success))).After(TimeSpan.FromMinutes(1)), Captured);

        (status.Phase, status.Active, status.Succeeded, status.Failed).Should().Be((Phase.Complete, 0, 1, 0));
        (status.Bytes, status.Size, status.ManifestSha256).Should().Be((2048, "2.0 KiB", new string('a', 64)));
        status.CompletionTime.Should().Be(Given.Start.AddMinutes(1));
        status.Conditions.Select(c => (c.Type, c.Status, c.Reason)).Should().Equal(
            ("Complete", "True", Reasons.Captured), ("Finished", "True", Reasons.Captured));
        status.Containers.Should().ContainSingle().Which.State.Should().Be(CaptureState.Captured);
    }

    [Test]
    public void Failed_says_so_everywhere_and_no_container_is_left_pending()
    {
        var seen = Given.Begun(Given.Job(), Given.Agent(Given.Terminated(null, 137)));

        var status = StatusCalculator.Finished(seen, AgentVerdict.WithoutOutcome(seen.AgentPods[0], seen));

        (status.Phase, status.Succeeded, status.Failed, status.Progress).Should().Be((Phase.Failed, 0, 1, null));
        status.Conditions.Select(c => (c.Type, c.Status)).Should().Equal(("Failed", "True"), ("Finished", "True"));
        (status.Bytes, status.Size).Should().Be((null, null), "how much of what was read is stored nobody told");
        status.Containers.Should().ContainSingle().Which.Should().Match<ContainerStatus>(
            c => c.State == CaptureState.Unknown && c.Reason == Reasons.OutcomeUnknown);
    }

    [TestCase("AAAA")]
    [TestCase("\u001b[2J")]
    [TestCase(null)]
    public void A_hash_that_is_none_is_not_passed_on(string? hash)
    {
        var seen = Given.Begun(Given.Job(), Given.Agent());
        var verdict = AgentVerdict.Of(Given.Success with { ManifestSha256 = hash }, Given.Agent().Seen(), seen);
        StatusCalculator.Finished(seen, verdict).ManifestSha256.Should().BeNull();
    }

    [Test]
    public void Containers_that_did_not_fit_into_the_outcome_follow_from_the_whole()
    {
        IReadOnlyList<ContainerStatus> planned =
        [
            new ContainerStatus { Name = "app", Id = "a" },
            new ContainerStatus { Name = "big", Id = "b" },
            new ContainerStatus { Name = "never" },
        ];
        IReadOnlyList<ContainerStatus> told = [new ContainerStatus { Name = "app", Id = "a", State = CaptureState.Captured }];

        States(Given.Success with { Containers = told, Truncated = true }).Should().Equal(
            ("app", CaptureState.Captured, null), ("big", CaptureState.Captured, null), ("never", CaptureState.Skipped, Reasons.NotStarted));
        States(Given.Failure() with { Containers = told, Truncated = true }).Should().Equal(
            ("app", CaptureState.Captured, null), ("big", CaptureState.Unknown, Reasons.SeeManifest), ("never", CaptureState.Unknown, Reasons.SeeManifest));
        States(Given.Failure(Reasons.BucketNotFound) with { ManifestSha256 = null }).Should().OnlyContain(
            container => container.Item3 == Reasons.BucketNotFound, "there is no manifest to see");

        IEnumerable<(string, CaptureState, string?)> States(CaptureOutcome outcome) =>
            ContainerStatuses.AtTheEnd(planned, new Verdict(outcome.Reason, "") { Outcome = outcome }).Select(c => (c.Name, c.State, c.Reason));
    }

    [Test]
    public void What_the_suspect_node_says_of_containers_is_made_safe_to_show()
    {
        var outcome = Given.Success with { Containers = [new ContainerStatus { Name = "\u001b[2J", Reason = "a\nb", Id = "x\u202e" }] };
        var shown = ContainerStatuses.AtTheEnd([], new Verdict(Reasons.Captured, "") { Outcome = outcome }).Single();
        (shown.Name, shown.Reason, shown.Id).Should().Be((@"\u001b[2J", @"a\nb", @"x\u202e"));
    }

    [Test]
    public void A_condition_keeps_its_time_while_only_its_words_change()
    {
        IReadOnlyList<Condition> conditions = [];
        conditions = conditions.With("Waiting", true, "A", "one", Given.Start);
        conditions = conditions.With("Waiting", true, "B", "two", Given.Start.AddMinutes(1));
        conditions.Single().Should().Match<Condition>(c => c.LastTransitionTime == Given.Start && c.LastProbeTime == Given.Start.AddMinutes(1) && c.Reason == "B");
        conditions = conditions.Ending("Waiting", "C", "three", Given.Start.AddMinutes(2));
        conditions.Single().LastTransitionTime.Should().Be(Given.Start.AddMinutes(2));
    }
}
