using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Prometheus;

namespace Forensics.Tests.Controller.Checkpoints;

internal sealed class CaptureMetricsTests
{
    private CollectorRegistry _registry = null!;
    private CaptureMetrics _metrics = null!;
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000);

    [SetUp]
    public void Make()
    {
        _registry = Prometheus.Metrics.NewCustomRegistry();
        _metrics = new CaptureMetrics(_registry);
    }

    [Test]
    public async Task What_ended_is_counted_by_result_and_reason()
    {
        _metrics.CaptureEnded(complete: true, Reasons.Captured, bytes: 5, TimeSpan.FromSeconds(40), At);
        _metrics.CaptureEnded(complete: false, Reasons.Incomplete, bytes: 2, TimeSpan.FromSeconds(7), At);

        (await _registry.ScrapeAsync()).Should().Contain(
        [
            """forensics_captures_total{result="complete",reason="Captured"} 1""",
            """forensics_captures_total{result="failed",reason="Incomplete"} 1""",
            "forensics_capture_bytes_total 7",
            "forensics_evidence_last_success_timestamp_seconds 1600000000",
            """forensics_capture_duration_seconds_bucket{result="complete",le="30"} 0""",
            """forensics_capture_duration_seconds_bucket{result="complete",le="60"} 1""",
            """forensics_capture_duration_seconds_sum{result="failed"} 7""",
        ]);
    }

    [Test]
    public async Task Every_reason_is_there_at_zero_so_that_its_first_failure_is_an_increase() =>
        (await _registry.ScrapeAsync()).Should().Contain(Reasons.OfFailedCaptures.Select(reason => $$"""forensics_captures_total{result="failed",reason="{{reason}}"} 0"""));

    [Test]
    public async Task A_reason_of_the_suspect_nodes_own_makes_no_series()
    {
        _metrics.CaptureEnded(complete: false, "Whatever1", bytes: 0, TimeSpan.Zero, At);
        _metrics.CaptureEnded(complete: false, "Whatever2", bytes: 0, TimeSpan.Zero, At);

        var scraped = await _registry.ScrapeAsync();
        scraped.Should().Contain("""forensics_captures_total{result="failed",reason="Other"} 2""");
        scraped.Should().NotContain(line => line.Contains("Whatever"));
    }

    [Test]
    public async Task What_goes_on_is_asked_for_at_every_scrape()
    {
        CaptureCensus? census = null;
        _metrics.ShowCensus(() => census);
        var standingBy = await _registry.ScrapeAsync();
        standingBy.Should().Contain("forensics_captures_running 0");
        standingBy.Should().NotContain(line => line.StartsWith("forensics_evidence_last_success_timestamp_seconds"), "it never was, and 1970 is a lie");

        census = new CaptureCensus
        {
            Running = 3,
            Waiting = 2,
            LongestRunning = TimeSpan.FromMinutes(1),
            LongestOverdue = TimeSpan.FromSeconds(5),
            LongestWaiting = TimeSpan.FromMinutes(2),
            LastSuccess = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        };
        (await _registry.ScrapeAsync()).Should().Contain(
        [
            "forensics_captures_running 3",
            "forensics_captures_waiting 2",
            "forensics_capture_longest_running_seconds 60",
            "forensics_capture_longest_overdue_seconds 5",
            "forensics_capture_longest_waiting_seconds 120",
            "forensics_evidence_last_success_timestamp_seconds 1700000000",
        ]);

        census = census with { LastSuccess = null };
        (await _registry.ScrapeAsync()).Should().Contain("forensics_evidence_last_success_timestamp_seconds 1700000000", "it was, though its PodCheckpoint is deleted");
    }
}
