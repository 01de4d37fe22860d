using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Tests.Agent.Filesystems.Layers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeasePatienceTests
{
    private readonly ImpatientClock _clock = new();

    [Test]
    public void A_file_is_opened_as_soon_as_its_lease_has_ended()
    {
        var patience = new LeasePatience(_clock, CancellationToken.None);

        patience.Again(() => _clock.Waited < TimeSpan.FromSeconds(45) ? -Errno.TryAgain : 7).Should().Be(7);

        _clock.Waited.Should().Be(TimeSpan.FromSeconds(45));
    }

    [Test]
    public void However_many_leases_there_are_they_are_waited_for_no_longer_than_a_minute_in_all()
    {
        var patience = new LeasePatience(_clock, CancellationToken.None);

        for (var i = 0; i < 10; i++) patience.Again(() => -Errno.TryAgain).Should().Be(-Errno.TryAgain);

        _clock.Waited.Should().Be(LeasePatience.Budget).And.Be(TimeSpan.FromMinutes(1));
    }

    [Test]
    public void Another_error_is_not_waited_for()
    {
        new LeasePatience(_clock, CancellationToken.None).Again(() => -Errno.AccessDenied).Should().Be(-Errno.AccessDenied);

        _clock.Waited.Should().Be(TimeSpan.FromMilliseconds(100));
    }

    [Test]
    public void Who_waits_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var patience = new LeasePatience(_clock, stop.Token);

        FluentActions.Invoking(() => patience.Again(() =>
        {
            stop.Cancel();
            return -Errno.TryAgain;
        })).Should().Throw<OperationCanceledException>();
    }

    /// <summary>Every wait is over at once, and counted.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
