using System.Text.Json.Nodes;
using Forensics.Local;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>A real Prometheus scrapes a controller that runs against the real API server.</summary>
[Category("Cluster")]
public sealed class PrometheusTests
{
    private readonly HttpClient _client = new();
    private DeployedControllerStopped? _deployed;
    private Scenario _scenario = null!;
    private ControllerProcess _controller = null!;
    private PrometheusServer _prometheus = null!;
    private string _address = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _deployed = await DeployedControllerStopped.HoldAsync();
        _scenario = await Scenario.StartAsync();
        await EndedBeforeAsync("done");
        await _scenario.CheckpointAsync("fails", "no-such-pod");
        _address = $"{LoopbackNetwork.Address}:{FreePort.Next()}";
        _controller = await ControllerProcess.StartAsync(_scenario, $"--metrics-addr={_address}", "--enable-leader-election");
        await _scenario.FinishedAsync("fails");
        _prometheus = await PrometheusServer.StartAsync(_address);
        await _prometheus.ScrapedAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        // A set-up that failed half-way must leave nothing behind.
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        _controller?.Dispose();
        if (_scenario is not null) await _scenario.DisposeAsync();
        if (_deployed is not null) await _deployed.DisposeAsync();
        _client.Dispose();
    }

    [Test]
    public async Task Every_metric_that_a_rule_or_a_panel_names_is_there()
    {
        var scraped = MetricNames.Scraped(await _client.GetStringAsync(new Uri($"http://{_address}/metrics")));

        var named = AlertRules.Expressions.SelectMany(MetricNames.Of).Distinct().ToList();
        named.Should().HaveCountGreaterThan(20).And.BeSubsetOf(scraped);
    }

    [Test]
    public async Task Every_panel_and_every_rule_is_understood()
    {
        foreach (var expression in AlertRules.Expressions)
            await FluentActions.Awaiting(() => _prometheus.QueryAsync(expression)).Should().NotThrowAsync(expression);

        var rules = await RealCluster.EventuallyAsync(
            "every rule was evaluated", TimeSpan.FromSeconds(30), _prometheus.RulesAsync, all => all.All(rule => rule["health"]!.GetValue<string>() != "unknown"));
        rules.Should().HaveSameCount(AlertRules.All);
        rules.Should().OnlyContain(rule => rule["health"]!.GetValue<string>() == "ok");
    }

    [Test]
    public async Task It_shows_what_happened()
    {
        (await ValueAsync("""forensics_captures_total{result="failed", reason="NotFound"}""")).Should().Be("1");
        (await ValueAsync("""forensics_capture_duration_seconds_count{result="failed"}""")).Should().Be("1");
        (await ValueAsync("""leader_election_master_status{name="forensics-controller-leader"}""")).Should().Be("1");
        (await ValueAsync("forensics_evidence_last_success_timestamp_seconds")).Should().Be("1767225660", "a status said so before this process was");
        (await ValueAsync("""workqueue_depth{name="podcheckpoint", controller="podcheckpoint"}""")).Should().Be("0");
        (await ValueAsync($$"""sum(rest_client_requests_total{code="200", method="GET", host="{{RealCluster.Descriptor.ApiUrl.Authority}}"}) > bool 3""")).Should().Be("1");
        (await ValueAsync("""reflector_lists_total{name="jobs.batch in namespace forensics-workers"}""")).Should().Be("1");
        (await ValueAsync("max(forensics_informer_failing)")).Should().Be("0");
    }

    private async Task<string> ValueAsync(string expression)
    {
        var series = await _prometheus.QueryAsync(expression);
        return series.Should().ContainSingle(expression).Which!["value"]![1]!.GetValue<string>();
    }

    // A capture that some controller completed at some time.
    private async Task EndedBeforeAsync(string name)
    {
        await _scenario.CheckpointAsync(name, "gone-pod");
        var status = new JsonObject
        {
            ["startTime"] = "2026-01-01T00:00:00Z",
            ["completionTime"] = "2026-01-01T00:01:00Z",
            ["phase"] = "Complete",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Complete", ["status"] = "True", ["reason"] = "Captured" }),
        };
        await RealCluster.KubectlAsync(
            "patch", "podcheckpoints.forensics.keikoproj.io", "-n", _scenario.Namespace, name, "--subresource=status", "--type=merge",
            "-p", new JsonObject { ["status"] = status }.ToJsonString());
    }
}
