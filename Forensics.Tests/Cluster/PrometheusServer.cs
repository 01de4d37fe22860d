using System.Net;
using System.Text.Json.Nodes;
using Forensics.Local;
using Forensics.Tests.Deploy.Monitoring;
using Forensics.Tests.Local;

namespace Forensics.Tests.Cluster;

/// <summary>A real Prometheus on loopback that scrapes one target every second and evaluates our rules; gone with the test.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly Daemon _daemon;
    private readonly string _address = $"{LoopbackNetwork.Address}:{FreePort.Next()}";

    private PrometheusServer(string target, string scrapeOptions)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "rules.yaml"), AlertRules.Manifest["spec"]!.ToJsonString());
        var settings = Path.Combine(_folder.Path, "prometheus.yml");
        File.WriteAllText(settings, $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: forensics
                static_configs: [{targets: ["{{target}}"]}]
            {{scrapeOptions}}
            """);
        var program = new TestPrograms(LocalPaths.FromEnvironment()).Prometheus;
        _daemon = new Daemon(
            "prometheus", new LocalPaths(_folder.Path), TimeProvider.System,
            () => new CommandLine(
                program, $"--config.file={settings}", $"--storage.tsdb.path={_folder.Path}/data", $"--web.listen-address={_address}"),
            token => HealthProbe.HttpAsync(new Uri($"http://{_address}/-/ready"), token));
    }

    /// <param name="scrapeOptions">More lines of the scrape's configuration, indented by four.</param>
    public static async Task<PrometheusServer> StartAsync(string target, string scrapeOptions = "")
    {
        var server = new PrometheusServer(target, scrapeOptions);
        await server._daemon.StartAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Waits until a scrape has succeeded.</summary>
    public Task ScrapedAsync() => RealCluster.EventuallyAsync(
        "Prometheus scrapes the controller", RealCluster.Patience, TargetAsync, target => target?["health"]?.GetValue<string>() == "up");

    /// <summary>The rules as evaluated, with their state.</summary>
    public async Task<IReadOnlyList<JsonObject>> RulesAsync() =>
        [.. (await GetAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    /// <summary>The values of an expression, by series.</summary>
    public async Task<JsonArray> QueryAsync(string expression) =>
        (await GetAsync($"query?query={Uri.EscapeDataString(expression)}"))["result"]!.AsArray();

    public async ValueTask DisposeAsync()
    {
        await _daemon.StopAsync(CancellationToken.None);
        _client.Dispose();
        _folder.Dispose();
    }

    // Null until it has taken up its configuration.
    private async Task<JsonNode?> TargetAsync() => (await GetAsync("targets"))["activeTargets"]!.AsArray().SingleOrDefault();

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri($"http://{_address}/api/v1/{path}"));
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, $"{path}: {body}");
        return JsonNode.Parse(body)!["data"]!;
    }
}
