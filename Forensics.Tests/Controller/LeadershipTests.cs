using Forensics.Controller;

namespace Forensics.Tests.Controller;

internal sealed class LeadershipTests : LeadershipFixture
{
    [Test]
    public async Task The_first_one_makes_the_Lease_and_leads()
    {
        await Eventually.EndsAsync(Replica("one").AcquireAsync(Stop.Token));

        Server.Lease!.HolderIdentity.Should().Be("one");
        Server.Lease.LeaseDurationSeconds.Should().Be(15);
        Server.Lease.RenewTime.Should().Be(Clock.GetUtcNow().UtcDateTime);
    }

    [Test]
    public async Task A_second_one_waits_as_long_as_the_first_renews()
    {
        var first = Replica("one");
        await Eventually.EndsAsync(first.AcquireAsync(Stop.Token));
        var holding = first.HoldAsync(Stop.Token);
        var waiting = Replica("two").AcquireAsync(Stop.Token);
        await PassAsync(TimeSpan.FromMinutes(1));

        Server.Lease!.HolderIdentity.Should().Be("one");
        waiting.IsCompleted.Should().BeFalse();
        holding.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_Lease_that_stands_still_for_its_duration_is_taken_whatever_the_leadersClock_said()
    {
        Server.HoldBy("somebody gone, with no times at all");
        var waiting = Replica("two").AcquireAsync(Stop.Token);
        await PassAsync(TimeSpan.FromSeconds(14));
        waiting.IsCompleted.Should().BeFalse();
        await PassUntilAsync(() => waiting.IsCompleted);

        Server.Lease!.HolderIdentity.Should().Be("two");
        Server.Lease.LeaseTransitions.Should().Be(2);
    }

    [Test]
    public async Task Whoever_loses_the_race_for_a_free_Lease_does_not_lead()
    {
        Server.HoldBy("");
        Server.BeforeWrite = () =>
        {
            Server.BeforeWrite = null;
            Server.HoldBy("faster");
        };
        var waiting = Replica("one").AcquireAsync(Stop.Token);
        await PassAsync(TimeSpan.FromSeconds(10));

        waiting.IsCompleted.Should().BeFalse();
        Server.Lease!.HolderIdentity.Should().Be("faster");
    }

    [Test]
    public async Task An_APIServer_that_is_away_for_a_moment_costs_nothing()
    {
        var leader = Replica("one");
        await Eventually.EndsAsync(leader.AcquireAsync(Stop.Token));
        var holding = leader.HoldAsync(Stop.Token);
        Server.Down = true;
        await PassAsync(TimeSpan.FromSeconds(6));
        Server.Down = false;
        await PassAsync(TimeSpan.FromSeconds(30));

        holding.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_leader_that_cannot_renew_gives_up_before_anybody_else_may_lead()
    {
        var leader = Replica("one");
        await Eventually.EndsAsync(leader.AcquireAsync(Stop.Token));
        var holding = leader.HoldAsync(Stop.Token);
        var renewed = Clock.GetUtcNow();
        Server.Down = true;
        await PassUntilAsync(() => holding.IsCompleted);

        (Clock.GetUtcNow() - renewed).Should().BeLessThan(Leadership.LeaseDuration).And.BeGreaterThanOrEqualTo(Leadership.RenewDeadline);
    }

    [Test]
    public async Task A_leader_that_finds_another_in_its_place_gives_up_at_once()
    {
        var leader = Replica("one");
        await Eventually.EndsAsync(leader.AcquireAsync(Stop.Token));
        var holding = leader.HoldAsync(Stop.Token);
        Server.HoldBy("two");
        var taken = Clock.GetUtcNow();
        await PassUntilAsync(() => holding.IsCompleted);

        (Clock.GetUtcNow() - taken).Should().BeLessThan(TimeSpan.FromSeconds(5));
        await leader.ReleaseAsync(CancellationToken.None);
        Server.Lease!.HolderIdentity.Should().Be("two", "what is another's is not given back");
    }

    [Test]
    public async Task A_renewal_whose_answer_was_lost_does_not_keep_the_Lease_from_being_given_back()
    {
        var first = Replica("one");
        await Eventually.EndsAsync(first.AcquireAsync(Stop.Token));
        Server.HoldBy("one");
        await Eventually.EndsAsync(first.ReleaseAsync(CancellationToken.None));

        Server.Lease!.HolderIdentity.Should().BeEmpty();
    }

    [Test]
    public async Task A_Lease_given_back_is_free_at_once()
    {
        var first = Replica("one");
        await Eventually.EndsAsync(first.AcquireAsync(Stop.Token));
        await first.ReleaseAsync(CancellationToken.None);
        Server.Lease!.HolderIdentity.Should().BeNullOrEmpty();

        await Eventually.EndsAsync(Replica("two").AcquireAsync(Stop.Token));
        Server.Lease!.HolderIdentity.Should().Be("two");
    }
}
