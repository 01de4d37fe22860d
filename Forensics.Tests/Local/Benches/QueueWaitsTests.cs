using Forensics.Local;

namespace Forensics.Tests.Local.Benches;

internal sealed class QueueWaitsTests
{
    [Test]
    public void Quantiles_are_of_what_came_between_the_two_scrapes()
    {
        var waits = QueueWaits.Between(Scrape(100, 100, 100), Scrape(150, 199, 200));

        waits.Below(0.5).Should().Be(0.001);
        waits.Below(0.99).Should().Be(0.01);
        waits.Below(1).Should().Be(double.PositiveInfinity);
        waits.ToString().Should().Be("p50 below 1 ms, p99 below 10 ms, of 100 keys");
    }

    private static IReadOnlyList<(string Name, double Value)> Scrape(double upToOne, double upToTen, double all) =>
    [
        ("workqueue_queue_duration_seconds_sum{name=\"podcheckpoint\"}", 3),
        (Bucket("0.001"), upToOne), (Bucket("0.01"), upToTen), (Bucket("+Inf"), all),
    ];

    private static string Bucket(string upTo) => $$"""workqueue_queue_duration_seconds_bucket{name="podcheckpoint",controller="podcheckpoint",le="{{upTo}}"}""";
}
