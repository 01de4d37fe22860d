using Forensics.Controller;

namespace Forensics.Tests.Controller;

internal sealed class GoDurationTests
{
    [TestCase("0", 0)]
    [TestCase("90s", 90)]
    [TestCase("5m", 300)]
    [TestCase("1h30m", 5400)]
    [TestCase("1.5h", 5400)]
    [TestCase("250ms", 0.25)]
    [TestCase("1m0.5s", 60.5)]
    public void Reads_what_Go_reads(string text, double seconds)
    {
        GoDuration.TryParse(text, out var duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [TestCase("")]
    [TestCase("5")]
    [TestCase("-5m")]
    [TestCase("5 m")]
    [TestCase("5d")]
    [TestCase("m")]
    [TestCase("5m\n")]
    [TestCase("99999999h")]
    public void Refuses_the_rest(string text) => GoDuration.TryParse(text, out _).Should().BeFalse();

    [TestCase("0s")]
    [TestCase("90s", "1m30s")]
    [TestCase("24h")]
    [TestCase("1h30m")]
    [TestCase("0.25s")]
    public void Writes_the_shortest_form(string text, string? expected = null)
    {
        GoDuration.TryParse(text, out var duration).Should().BeTrue();
        GoDuration.Format(duration).Should().Be(expected ?? text);
    }
}
