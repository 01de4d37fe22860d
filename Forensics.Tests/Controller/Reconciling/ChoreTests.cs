using Forensics.Controller.Reconciling;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller.Reconciling;

internal sealed class ChoreTests
{
    [Test]
    public async Task It_is_done_at_the_start_sooner_again_after_a_failure_and_then_now_and_then()
    {
        var clock = new TestClock();
        var done = 0;
        var chore = new Chore(
            "test",
            _ => ++done == 2 ? throw new InvalidOperationException("once") : Task.CompletedTask,
            TimeSpan.FromSeconds(50),
            clock,
            NullLogger<Chore>.Instance);
        using var stop = new CancellationTokenSource();
        var running = chore.RunAsync(stop.Token);

        done.Should().Be(1);
        (await clock.LetNextPauseEndAsync()).Should().Be(TimeSpan.FromSeconds(50));
        (await clock.LetNextPauseEndAsync()).Should().Be(Chore.RetryAfter, "it failed");
        (await clock.LetNextPauseEndAsync()).Should().Be(TimeSpan.FromSeconds(50));
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        running.IsCanceled.Should().BeTrue();
    }
}
