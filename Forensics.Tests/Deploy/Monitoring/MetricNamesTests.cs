namespace Forensics.Tests.Deploy.Monitoring;

internal sealed class MetricNamesTests
{
    [TestCase("up", "up")]
    [TestCase("""sum by (name) (increase(lists_total{job=~".*"}[30m]) and on (job, instance) build_info) > 20""", "lists_total build_info")]
    [TestCase("histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))", "x_bucket")]
    [TestCase("sum(a) > 0 unless (time() - max(b) < 86400)", "a b")]
    public void Only_metrics_are_found(string expression, string names) => MetricNames.Of(expression).Should().BeEquivalentTo(names.Split(' '));
}
