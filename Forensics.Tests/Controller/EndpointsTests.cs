using System.Net;
using System.Net.Sockets;
using Forensics.Controller;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller;

internal sealed class EndpointsTests
{
    private readonly HttpClient _client = new();

    [OneTimeTearDown]
    public void DisposeClient() => _client.Dispose();

    [Test]
    public async Task Ready_says_what_is_missing_and_why_until_nothing_is()
    {
        var informer = new StubInformer { Problem = "apply the CRD" };
        var address = FreeAddress();
        await using var endpoint = await HttpEndpoint.StartAsync(address, Endpoints.Probes([informer]));

        (await GetAsync(address, "/healthz")).Should().Be((HttpStatusCode.OK, "ok\n"));
        (await GetAsync(address, "/readyz")).Should().Be((HttpStatusCode.ServiceUnavailable, "not synced: things: apply the CRD\n"));
        informer.Sync();
        (await GetAsync(address, "/readyz")).Should().Be((HttpStatusCode.OK, "ok\nfailing: things: apply the CRD\n"), "what it saw once it can work with");
        informer.Problem = null;
        (await GetAsync(address, "/readyz")).Should().Be((HttpStatusCode.OK, "ok\n"));
        (await GetAsync(address, "/other")).Code.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Metrics_are_served_as_Prometheus_text()
    {
        var metrics = TestMetrics.Create();
        metrics.ShowLeadership("a-lease", () => true);
        var address = FreeAddress();
        await using var endpoint = await HttpEndpoint.StartAsync(address, Endpoints.Metrics(metrics.Registry));

        var (code, body) = await GetAsync(address, "/metrics");
        code.Should().Be(HttpStatusCode.OK);
        body.Should().Contain("""leader_election_master_status{name="a-lease"} 1""")
            .And.Contain($$"""forensics_build_info{version="{{BuildInfo.Version}}"} 1""")
            .And.MatchRegex(@"process_resident_memory_bytes [1-9]\d{6,}");
    }

    [Test]
    public async Task A_port_that_is_taken_is_told()
    {
        var address = FreeAddress();
        await using var first = await HttpEndpoint.StartAsync(address, _ => Task.CompletedTask);

        await FluentActions.Awaiting(() => HttpEndpoint.StartAsync(address, _ => Task.CompletedTask))
            .Should().ThrowAsync<IOException>().WithMessage($"*{address.Port}*in use*");
    }

    private async Task<(HttpStatusCode Code, string Body)> GetAsync(ListenAddress address, string path)
    {
        using var response = await _client.GetAsync(new Uri($"http://{address}{path}"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static ListenAddress FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new ListenAddress(IPAddress.Loopback, ((IPEndPoint)probe.LocalEndpoint).Port);
    }
}
