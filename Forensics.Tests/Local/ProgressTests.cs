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
}
