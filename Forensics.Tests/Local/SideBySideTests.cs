using Forensics.Local;

namespace Forensics.Tests.Local;

public sealed class SideBySideTests
{
    [Test]
    public async Task All_run_at_the_same_time()
    {
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();

        await Eventually.EndsAsync(SideBySide.RunAsync(
            CancellationToken.None,
            async _ => { first.SetResult(); await second.Task; },
            async _ => { second.SetResult(); await first.Task; }));
    }

    [Test]
    public async Task One_that_computes_without_a_pause_holds_up_no_other()
    {
        using var other = new ManualResetEventSlim();

        await Eventually.EndsAsync(SideBySide.RunAsync(
            CancellationToken.None,
            token => { other.Wait(token); return Task.CompletedTask; },
            _ => { other.Set(); return Task.CompletedTask; }));
    }

    [Test]
    public async Task The_first_failure_ends_the_others_and_is_the_one_that_is_told()
    {
        var running = () => SideBySide.RunAsync(
            CancellationToken.None,
            async token => await Task.Delay(Timeout.Infinite, token),
            async token => { await Task.Yield(); throw new LocalClusterException("no gcc"); });

        await Eventually.EndsAsync(running.Should().ThrowAsync<LocalClusterException>().WithMessage("no gcc"));
    }

    [Test]
    public async Task It_returns_only_when_all_have_ended()
    {
        var started = new TaskCompletionSource();
        var told = new TaskCompletionSource();
        var ending = new TaskCompletionSource();
        var running = SideBySide.RunAsync(
            CancellationToken.None,
            async _ =>
            {
                await started.Task;
                throw new LocalClusterException("no gcc");
            },
            async token =>
            {
                await using var registration = token.Register(told.SetResult);
                started.SetResult();
                await ending.Task;
            });

        await Eventually.EndsAsync(told.Task);
        running.IsCompleted.Should().BeFalse("the second one goes on, whatever it was told");
        ending.SetResult();
        await Eventually.EndsAsync(running.Awaiting(all => all).Should().ThrowAsync<LocalClusterException>());
    }

    [Test]
    public async Task Cancelling_ends_all()
    {
        using var cancel = new CancellationTokenSource();
        var running = SideBySide.RunAsync(
            cancel.Token,
            async token => await Task.Delay(Timeout.Infinite, token),
            async token => await Task.Delay(Timeout.Infinite, token));

        await cancel.CancelAsync();

        await Eventually.EndsAsync(running.Awaiting(all => all).Should().ThrowAsync<OperationCanceledException>());
    }
}
