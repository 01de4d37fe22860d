using Forensics.Api;
using Forensics.Controller.Checkpoints;

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
    public void Of_what_ended_only_the_last_success_counts() =>
        Take(Made(60, Ended(30, complete: true)), Made(60, Ended(20, complete: true)), Made(60, Ended(10, complete: false)), Made(60, Ended(40, complete: true)))
            .Should().Be(new CaptureCensus { LastSuccess = Ago(20) });

    [Test]
    public void A_clock_that_is_behind_the_API_servers_makes_no_negative_age() =>
        Take(Made(minutesAgo: -1, null)).Should().Be(new CaptureCensus { Waiting = 1 });

    private static CaptureCensus Take(params PodCheckpoint[] checkpoints) => CaptureCensus.Of(checkpoints, Now);

    private static PodCheckpoint Made(int minutesAgo, PodCheckpointStatus? status) => Given.Checkpoint() with
    {
        Metadata = new ResourceMeta { Name = "case", Namespace = "cases", CreationTimestamp = Ago(minutesAgo) },
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
