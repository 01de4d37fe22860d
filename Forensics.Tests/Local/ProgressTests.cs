using Forensics.Local;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Local;

public sealed class ProgressTests
{
    [TestCase(0, "0:00")]
    [TestCase(59.9, "0:59")]
    [TestCase(80, "1:20")]
    [TestCase(4504, "75:04")]
    public void Minutes_go_on_after_an_hour(double seconds, string written) =>
        Progress.Minutes(TimeSpan.FromSeconds(seconds)).Should().Be(written);

    [Test]
    public void Each_line_tells_the_time_since_the_start()
    {
        var time = new FakeTimeProvider();
        using var output = new StringWriter();
        var progress = new Progress(output, time);

        time.Advance(TimeSpan.FromSeconds(12.34));
        progress.Say("docker: ready");
        time.Advance(TimeSpan.FromMinutes(20));
        progress.Say("done");

        output.ToString().Should().Be("[  12.3 s] docker: ready\n[1212.3 s] done\n");
    }

    [Test]
    public async Task Of_what_is_silent_for_minutes_it_says_now_and_then_that_it_goes_on()
    {
        var time = new FakeTimeProvider();
        using var output = new StringWriter();
        var progress = new Progress(output, time);
        var work = new TaskCompletionSource();

        var accompanied = progress.AccompanyAsync(work.Task, minutes => $"compiling for {minutes}", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync(() => output.ToString().Contains('\n', StringComparison.Ordinal), "it has said so");
        work.SetResult();
        await Eventually.EndsAsync(accompanied);

        output.ToString().Should().Be("[  20.0 s] compiling for 0:20\n");
    }

    [Test]
    public async Task What_fails_while_it_is_accompanied_has_failed()
    {
        var progress = new Progress(TextWriter.Null, new FakeTimeProvider());

        var accompanying = () => progress.AccompanyAsync(Task.FromException(new LocalClusterException("no gcc")), _ => "", CancellationToken.None);

        await accompanying.Should().ThrowAsync<LocalClusterException>();
    }
}
