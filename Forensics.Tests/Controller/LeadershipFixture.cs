using Forensics.Controller;
using Forensics.Tests.Fakes;
using k8s;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller;

/// <summary>Replicas around one Lease, on a clock that the test moves.</summary>
internal abstract class LeadershipFixture
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private Kubernetes _kubernetes = null!;

    protected FakeTimeProvider Clock { get; private set; } = null!;

    protected LeaseServer Server { get; private set; } = null!;

    protected CancellationTokenSource Stop { get; private set; } = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        Clock = new FakeTimeProvider();
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

    // Small steps, each after what the last one set going on the wire has come to rest.
    protected Task PassUntilAsync(Func<bool> condition)
    {
        var seen = -1;
        return Eventually.IsTrueAsync(
            () =>
            {
                if (condition()) return true;
                if (Server.Requests == seen) Clock.Advance(Step);
                seen = Server.Requests;
                return condition();
            },
            "the clock was advanced until it was so");
    }
}
