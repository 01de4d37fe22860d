using Forensics.Controller;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller;

internal sealed class LogLineFormatterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 10, 30, 15, 250, TimeSpan.Zero);

    [TestCase(LogLevel.Information, "info ")]
    [TestCase(LogLevel.Warning, "warn ")]
    [TestCase(LogLevel.Critical, "error")]
    [TestCase(LogLevel.Trace, "debug")]
    public void A_line_has_the_time_in_UTC_the_level_and_the_message(LogLevel level, string word) =>
        Line(level, "Swept.", null).Should().Be($"2026-03-01T10:30:15.250Z {word} Swept.\n");

    [Test]
    public void A_message_and_what_went_wrong_stay_on_one_line() =>
        Line(LogLevel.Error, "Reconciling failed.\nAgain.", new InvalidOperationException("one\ntwo"))
            .Should().Be("2026-03-01T10:30:15.250Z error Reconciling failed. Again. System.InvalidOperationException: one two\n");

    private static string Line(LogLevel level, string message, Exception? exception)
    {
        using var text = new StringWriter();
        var entry = new LogEntry<string>(level, "Forensics.Any", new EventId(1889693307, "Generated"), message, exception, (state, _) => state);
        new LogLineFormatter(new FakeTimeProvider(Now)).Write(entry, null, text);
        return text.ToString();
    }
}
