using Forensics.Controller;
using Forensics.Tests.Fakes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller;

internal sealed class LeadershipTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private FakeTimeProvider _clock = null!;
    private LeaseServer _server = null!;
    private Kubernetes _kubernetes = null!;
    private CancellationTokenSource _stop = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        _clock = new FakeTimeProvider();
        _server = await LeaseServer.StartAsync();
        _kubernetes = _server.Connect();
        _stop = new CancellationTokenSource();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
        _kubernetes.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task The_first_one_makes_the_Lease_and_leads()
    {
        await Eventually.EndsAsync(Replica("one").AcquireAsync(_stop.Token));

        _server.Lease!.HolderIdentity.Should().Be("one");
        _server.Lease.LeaseDurationSeconds.Should().Be(15);
        _server.Lease.RenewTime.Should().Be(_clock.GetUtcNow().UtcDateTime);
    }

    [Test]
    public async Task A_second_one_waits_as_long_as_the_first_renews()
    {
        var first = Replica("one");
        await Eventually.EndsAsync(first.AcquireAsync(_stop.Token));
        var holding = first.HoldAsync(_stop.Token);
        var waiting = Replica("two").AcquireAsync(_stop.Token);
        await PassAsync(TimeSpan.FromMinutes(1));

        _server.Lease!.HolderIdentity.Should().Be("one");
        waiting.IsCompleted.Should().BeFalse();
        holding.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_Lease_that_stands_still_for_its_duration_is_taken_whatever_the_leaders_clock_said()
    {
        _server.HoldBy("somebody gone, with no times at all");
        var waiting = Replica("two").AcquireAsync(_stop.Token);
        await PassAsync(TimeSpan.FromSeconds(14));
        waiting.IsCompleted.Should().BeFalse();
        await PassUntilAsync(() => waiting.IsCompleted);

        _server.Lease!.HolderIdentity.Should().Be("two");
        _server.Lease.LeaseTransitions.Should().Be(2);
    }

    [Test]
    public async Task Whoever_loses_the_race_for_a_free_Lease_does_not_lead()
    {
        _server.HoldBy("");
        _server.BeforeWrite = () =>
        {
            _server.BeforeWrite = null;
            _server.HoldBy("faster");
        };
        var waiting = Replica("one").AcquireAsync(_stop.Token);
        await PassAsync(TimeSpan.FromSeconds(10));

        waiting.IsCompleted.Should().BeFalse();
        _server.Lease!.HolderIdentity.Should().Be("faster");
    }

    [Test]
    public async Task An_API_server_that_is_away_for_a_moment_costs_nothing()
    {
        var leader = Replica("one");
        await Eventually.EndsAsync(leader.AcquireAsync(_stop.Token));
        var holding = leader.HoldAsync(_stop.Token);
        _server.Down = true;
        await PassAsync(TimeSpan.FromSeconds(6));
        _server.Down = false;
        await PassAsync(TimeSpan.FromSeconds(30));

        holding.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_leader_that_cannot_renew_gives_up_before_anybody_else_may_lead()
    {
        var leader = Replica("one");
        await Eventually.EndsAsync(leader.AcquireAsync(_stop.Token));
        var holding = leader.HoldAsync(_stop.Token);
        var renewed = _clock.GetUtcNow();
        _server.Down = true;
        await PassUntilAsync(() => holding.IsCompleted);

        (_clock.GetUtcNow() - renewed).Should().BeLessThan(Leadership.LeaseDuration).And.BeGreaterThanOrEqualTo(Leadership.RenewDeadline);
    }

    [Test]
    public async Task A_leader_that_finds_another_in_its_place_gives_up_at_once()
    {
        var leader = Replica("one");
        await Eventually.EndsAsync(leader.AcquireAsync(_stop.Token));
        var holding = leader.HoldAsync(_stop.Token);
        _server.HoldBy("two");
        var taken = _clock.GetUtcNow();
        await PassUntilAsync(() => holding.IsCompleted);

        (_clock.GetUtcNow() - taken).Should().BeLessThan(TimeSpan.FromSeconds(5));
        await leader.ReleaseAsync(CancellationToken.None);
        _server.Lease!.HolderIdentity.Should().Be("two", "what is another's is not given back");
    }

    [Test]
    public async Task A_renewal_whose_answer_was_lost_does_not_keep_the_Lease_from_being_given_back()
    {
        var first = Replica("one");
        await Eventually.EndsAsync(first.AcquireAsync(_stop.Token));
        _server.HoldBy("one");
        await Eventually.EndsAsync(first.ReleaseAsync(CancellationToken.None));

        _server.Lease!.HolderIdentity.Should().BeEmpty();
    }

    [Test]
    public async Task A_Lease_given_back_is_free_at_once()
    {
        var first = Replica("one");
        await Eventually.EndsAsync(first.AcquireAsync(_stop.Token));
        await first.ReleaseAsync(CancellationToken.None);
        _server.Lease!.HolderIdentity.Should().BeNullOrEmpty();

        await Eventually.EndsAsync(Replica("two").AcquireAsync(_stop.Token));
        _server.Lease!.HolderIdentity.Should().Be("two");
    }

    private Leadership Replica(string identity) => new(_kubernetes, "ns", identity, _clock, NullLogger<Leadership>.Instance);

    private async Task PassAsync(TimeSpan time)
    {
        var end = _clock.GetUtcNow() + time;
        await PassUntilAsync(() => _clock.GetUtcNow() >= end);
    }

    // Small steps, each after what the last one set going on the wire has come to rest.
    private Task PassUntilAsync(Func<bool> condition)
    {
        var seen = -1;
        return Eventually.IsTrueAsync(
            () =>
            {
                if (condition()) return true;
                if (_server.Requests == seen) _clock.Advance(Step);
                seen = _server.Requests;
                return condition();
            },
            "the clock was advanced until it was so");
    }
}
