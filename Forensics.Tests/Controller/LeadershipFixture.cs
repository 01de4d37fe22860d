using Forensics.Controller;
using Forensics.Tests.Fakes;
using k8s;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller;

/// <summary>Replicas around one Lease, on a clock that the test moves.</summary>
internal abstract class LeadershipFixture
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    // Looks at a replica that waits for an answer, until it is taken for one that gets none.
    private const int LooksAtOneThatWaits = 50;

    private Kubernetes _kubernetes = null!;

    protected TimeoutClock Clock { get; private set; } = null!;

    protected LeaseServer Server { get; private set; } = null!;

    protected CancellationTokenSource Stop { get; private set; } = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        Clock = new TimeoutClock(Leadership.AttemptTimeout);
        Server = await LeaseServer.StartAsync();
        _kubernetes = Server.Connect();
        Stop = new CancellationTokenSource();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await Stop.CancelAsync();
        Stop.Dispose();
        _kubernetes.Dispose();
        await Server.DisposeAsync();
    }

    protected Leadership Replica(string identity, ILogger<Leadership>? log = null) =>
        new(_kubernetes, "ns", identity, Clock, log ?? NullLogger<Leadership>.Instance);

    /// <summary>A replica that leads, and what ends when it does not lead any more.</summary>
    protected async Task<(Leadership Leader, Task Holding)> LeadAsync(string identity)
    {
        var leader = Replica(identity);
        await Eventually.EndsAsync(leader.AcquireAsync(Stop.Token));
        return (leader, leader.HoldAsync(Stop.Token));
    }

    protected async Task PassAsync(TimeSpan time)
    {
        var end = Clock.GetUtcNow() + time;
        await PassUntilAsync(() => Clock.GetUtcNow() >= end);
    }

    // Small steps, each after what the last one set going on the wire has come to rest. On a slow machine that takes its time, and time
    // that passed meanwhile would be the replica's to answer for.
    protected Task PassUntilAsync(Func<bool> condition)
    {
        var (seen, looks) = (-1, 0);
        return Eventually.IsTrueAsync(
            () =>
            {
                if (condition()) return true;
                var isAtRest = !Clock.HasSomethingUnderWay || Server.HoldsAnAnswer || ++looks == LooksAtOneThatWaits;
                if (isAtRest && Server.Requests == seen) Clock.Advance(Step);
                if (isAtRest) looks = 0;
                seen = Server.Requests;
                return condition();
            },
            "the clock was advanced until it was so");
    }
}
