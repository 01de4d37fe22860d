using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller.Checkpoints;

internal sealed class CaptureCensusTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Nothing_is_counted_where_nothing_is() => Take().Should().Be(new CaptureCensus());

    [Test]
    public void What_has_no_Job_waits_since_it_was_made() =>
        Take(Made(minutesAgo: 3, null), Made(minutesAgo: 5, new PodCheckpointStatus { StartTime = Ago(1) }))
            .Should().Be(new CaptureCensus { Waiting = 2, LongestWaiting = TimeSpan.FromMinutes(5) });

    [Test]
    public void What_has_its_Job_runs_since_its_start() =>
        Take(Made(9, Running(4)), Made(8, Running(7)))
            .Should().Be(new CaptureCensus { Running = 2, LongestRunning = TimeSpan.FromMinutes(7) });

    [Test]
    public void What_is_past_the_deadline_of_its_own_Job_is_late_by_what_is_past_it()
    {
        AgentJob[] jobs = [Job("short", minutesAgo: 5, deadlineMinutes: 1), Job("long", minutesAgo: 60, deadlineMinutes: 360), Job("ended", 90, 1)];

        var census = Take(jobs, Made(9, Running(5), "short"), Made(70, Running(60), "long"), Made(90, Ended(30, complete: true), "ended"));

        census.LongestOverdue.Should().Be(TimeSpan.FromMinutes(4));
        census.LongestRunning.Should().Be(TimeSpan.FromMinutes(60));
    }

    [Test]
    public void Time_spent_waiting_for_a_turn_makes_nothing_late() =>
        Take([Job("queued", minutesAgo: 1, deadlineMinutes: 30)], Made(600, Running(600), "queued")).LongestOverdue.Should().Be(TimeSpan.Zero);

    [Test]
    public void Of_what_ended_only_the_last_success_counts() =>
        Take(Made(60, Ended(30, complete: true)), Made(60, Ended(20, complete: true)), Made(60, Ended(10, complete: false)), Made(60, Ended(40, complete: true)))
            .Should().Be(new CaptureCensus { LastSuccess = Ago(20) });

    [Test]
    public void What_a_cache_keeps_of_those_that_ended_counts_the_same()
    {
        PodCheckpointStatus success = Ended(20, complete: true) with { Phase = Phase.Complete }, failure = Ended(10, complete: false) with { Phase = Phase.Failed };
        PodCheckpoint[] all = [Made(60, Ended(30, complete: true)), Made(60, success), Made(60, failure), Made(9, Running(4)), Made(3, null)];

        var census = Take(all);

        Take([.. all.Select(EndedCheckpoint.PartOf)]).Should().Be(census);
        census.LastSuccess.Should().Be(Ago(20));
    }

    [Test]
    public void A_clock_that_is_behind_the_API_servers_makes_no_negative_age() =>
        Take(Made(minutesAgo: -1, null)).Should().Be(new CaptureCensus { Waiting = 1 });

    [Test]
    public void What_is_taken_back_is_counted_as_long_as_its_Job_is_there()
    {
        AgentJob[] jobs = [Job("cancelling", minutesAgo: 5, deadlineMinutes: 60)];

        Take(jobs, TakenBack(Made(9, Running(5), "cancelling")), TakenBack(Made(9, Running(5), "cancelled")), TakenBack(Made(9, null, "queued")))
            .Should().Be(new CaptureCensus { Running = 1, LongestRunning = TimeSpan.FromMinutes(5) });
    }

    private static PodCheckpoint TakenBack(PodCheckpoint made) => made with { Metadata = made.Metadata with { DeletionTimestamp = Now } };

    private static CaptureCensus Take(params PodCheckpoint[] checkpoints) => Take([], checkpoints);

    private static CaptureCensus Take(AgentJob[] jobs, params PodCheckpoint[] checkpoints) => CaptureCensus.Of(
        checkpoints,
        new CachedStore<AgentJob, AgentJob>(() => jobs, job => new ResourceKey("", job.Metadata.Name), job => job.Metadata.CheckpointUid, job => job),
        TimeSpan.FromHours(6),
        Now);

    private static AgentJob Job(string uid, int minutesAgo, int deadlineMinutes) => new()
    {
        Metadata = new AgentMeta { Name = uid, CheckpointUid = uid, CreationTimestamp = Ago(minutesAgo) },
        StartTime = Ago(minutesAgo),
        ActiveDeadlineSeconds = deadlineMinutes * 60,
    };

    private static PodCheckpoint Made(int minutesAgo, PodCheckpointStatus? status, string uid = "uid") => Given.Checkpoint() with
    {
        Metadata = new ResourceMeta { Name = "case", Namespace = "cases", Uid = uid, CreationTimestamp = Ago(minutesAgo) },
        Status = status,
    };

    private static PodCheckpointStatus Running(int minutes) => new() { StartTime = Ago(minutes), JobName = "forensics-1" };

    private static PodCheckpointStatus Ended(int minutesAgo, bool complete) => Running(minutesAgo + 1) with
    {
        CompletionTime = Ago(minutesAgo),
        Conditions = [new Condition { Type = complete ? ConditionTypes.Complete : ConditionTypes.Failed, Status = "True" }],
    };

    private static DateTimeOffset Ago(int minutes) => Now.AddMinutes(-minutes);
}
