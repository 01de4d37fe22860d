using Forensics.Local;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Local;

public sealed class ProgressTests
{
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
