using Forensics.Controller;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller;

/// <summary>What is known to go wrong with leader election: in KubernetesClient's own elector (numbers are those of
/// kubernetes-client/csharp), and in those that it was modelled on. Ours must not have it.</summary>
internal sealed class LeadershipFaultTests : LeadershipFixture
{
    /// <summary>#1640: it waits for its own duration, whatever the Lease says; client-go steps down by a Lease of one second.</summary>
    [Test]
    public async Task A_Lease_of_one_second_is_not_waited_for_as_long_as_one_of_ours()
    {
        Server.HoldBy("stepping down", seconds: 1);
        var (waiting, asked) = (Replica("two").AcquireAsync(Stop.Token), Clock.GetUtcNow());
        await PassUntilAsync(() => waiting.IsCompleted);

        (Clock.GetUtcNow() - asked).Should().BeLessThan(Leadership.LeaseDuration / 2);
    }

    /// <summary>#1640, the other way round: a leader with a longer Lease than ours would be overthrown.</summary>
    [Test]
    public async Task A_Lease_of_a_minute_is_left_alone_for_a_minute()
    {
        Server.HoldBy("patient", seconds: 60);
        var waiting = Replica("two").AcquireAsync(Stop.Token);
        await PassAsync(TimeSpan.FromSeconds(59));

        waiting.IsCompleted.Should().BeFalse();
        Server.Lease!.HolderIdentity.Should().Be("patient");
    }

    /// <summary>#1599 asks for the holder's renewTime to count. Clocks of nodes differ: a Lease that is renewed all the time would be
    /// stolen from a leader whose clock is behind, and never be taken from a dead one whose clock was ahead.</summary>
    [Test]
    public async Task A_leader_whose_clock_is_an_hour_off_keeps_its_Lease_while_it_renews_and_loses_it_when_it_does_not([Values(-1, 1)] int hours)
    {
        Renew();
        var waiting = Replica("two").AcquireAsync(Stop.Token);
        for (var i = 0; i < 6; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(5));
            waiting.IsCompleted.Should().BeFalse("it was renewed a moment ago");
            Renew();
        }

        var last = Clock.GetUtcNow();
        await PassUntilAsync(() => waiting.IsCompleted);
        (Clock.GetUtcNow() - last).Should().BeLessThan(Leadership.LeaseDuration + (Leadership.RetryPeriod * 4));

        void Renew() => Server.HoldBy("one", renewed: Clock.GetUtcNow().AddHours(hours).UtcDateTime);
    }

    /// <summary>#1390, #1584, #1593: without the rights it waits for ever and says nothing.</summary>
    [Test]
    public async Task A_refused_Lease_is_said_in_the_log_with_what_to_do()
    {
        var log = new RecordedLog<Leadership>();
        Server.AnswerToWrites = (403, "Forbidden");
        var waiting = Replica("one", log).AcquireAsync(Stop.Token);
        await PassAsync(TimeSpan.FromSeconds(3));
        waiting.IsCompleted.Should().BeFalse();
        log.Lines.Should().Contain(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("apply the RBAC rules"));

        Server.AnswerToWrites = null;
        await PassUntilAsync(() => waiting.IsCompletedSuccessfully);
    }

    /// <summary>#1467: it ends for good when the API server is away while it waits.</summary>
    [Test]
    public async Task Whoever_waits_goes_on_waiting_through_an_outage()
    {
        Server.HoldBy("one");
        var waiting = Replica("two").AcquireAsync(Stop.Token);
        await PassAsync(TimeSpan.FromSeconds(5));
        Server.Down = true;
        await PassAsync(TimeSpan.FromMinutes(2));
        waiting.IsCompleted.Should().BeFalse();
        Server.Down = false;

        await PassUntilAsync(() => waiting.IsCompletedSuccessfully);
        Server.Lease!.HolderIdentity.Should().Be("two");
    }

    /// <summary>Its renewal that meets a conflict ends the leadership: somebody had labelled the Lease.</summary>
    [Test]
    public async Task A_conflict_over_a_Lease_that_is_still_its_own_ends_nothing()
    {
        var (_, holding) = await LeadAsync("one");
        for (var i = 0; i < 3; i++)
        {
            Server.BeforeWrite = () =>
            {
                Server.BeforeWrite = null;
                Server.HoldBy("one");
            };
            await PassAsync(TimeSpan.FromSeconds(5));
        }

        holding.IsCompleted.Should().BeFalse();
        Server.BeforeWrite.Should().BeNull("each conflict was met");
    }

    /// <summary>kubernetes/kubernetes#23731, fabric8io/kubernetes-client#2860: reads succeed, writes do not, and it goes on leading.</summary>
    [TestCase(503, "ServiceUnavailable")]
    [TestCase(403, "Forbidden")]
    [TestCase(409, "Conflict")]
    public async Task A_leader_that_can_read_and_not_write_gives_up_in_time(int code, string reason)
    {
        var (_, holding) = await LeadAsync("one");
        var renewed = Clock.GetUtcNow();
        Server.AnswerToWrites = (code, reason);
        await PassUntilAsync(() => holding.IsCompleted);

        (Clock.GetUtcNow() - renewed).Should().BeLessThan(Leadership.LeaseDuration);
    }

    /// <summary>A request that hangs keeps it from noticing that its time is over.</summary>
    [Test]
    public async Task A_renewal_that_is_never_answered_does_not_keep_it_leading()
    {
        var (_, holding) = await LeadAsync("one");
        var renewed = Clock.GetUtcNow();
        var never = new TaskCompletionSource();
        Server.AnswersMayLeave = never.Task;
        await PassUntilAsync(() => holding.IsCompleted);
        never.SetResult();

        // Renewals were carried out while their answers hung; it must count from the last one that it knows of.
        (Clock.GetUtcNow() - renewed).Should().BeLessThan(Leadership.LeaseDuration);
    }

    /// <summary>The others count from when a renewal was written; whoever counts from when its answer came leads too long.</summary>
    [Test]
    public async Task An_answer_that_takes_its_time_is_time_off_the_Lease()
    {
        var (_, holding) = await LeadAsync("one");
        var slow = new TaskCompletionSource();
        Server.AnswersMayLeave = slow.Task;
        var before = Server.Lease!.RenewTime;
        await PassUntilAsync(() => Server.Lease!.RenewTime > before);
        var written = Clock.GetUtcNow();
        await PassAsync(TimeSpan.FromSeconds(4.5));
        Server.Down = true;
        slow.SetResult();
        await PassUntilAsync(() => holding.IsCompleted);

        (Clock.GetUtcNow() - written).Should().BeLessThan(Leadership.LeaseDuration);
    }

    /// <summary>A process that was stopped (SIGSTOP, a frozen virtual machine) asks the server first, and works on until it knows.</summary>
    [Test]
    public async Task A_leader_that_stood_still_for_longer_than_its_deadline_gives_up_without_a_question()
    {
        var (_, holding) = await LeadAsync("one");
        await PassAsync(TimeSpan.FromSeconds(5));
        var asked = Server.Requests;
        Clock.Advance(Leadership.RenewDeadline + Leadership.RetryPeriod);
        await Eventually.EndsAsync(holding);

        Server.Requests.Should().Be(asked);
    }

    [Test]
    public void A_leader_gives_up_before_anybody_may_take_over_and_has_several_tries_until_then()
    {
        Leadership.RenewDeadline.Should().BeLessThan(Leadership.LeaseDuration);
        (Leadership.RetryPeriod * 3).Should().BeLessThan(Leadership.RenewDeadline);
    }
}
