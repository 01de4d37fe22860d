using System.Net;
using System.Net.Http.Headers;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Controller;
using Forensics.Tests.Deploy.Access;
using k8s;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>The component metrics-auth against the real API server's TokenReview and SubjectAccessReview: the controller runs
/// with the rights that the component gives it, and readers with those that the component has for them.</summary>
[Category("Cluster")]
public sealed class SecureMetricsTests
{
    private readonly Kubernetes _kubernetes = ClusterConnection.Open();
    private readonly HttpClient _client = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
    private ScratchAccess _access = null!;
    private Applied _readers = null!;
    private Scenario _scenario = null!;
    private ControllerProcess _controller = null!;
    private string _address = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _access = await ScratchAccess.ApplyAsync(await ComponentTests.RenderAsync("metrics-auth"), new AccessReviews(_kubernetes));
        _readers = await Applied.Async($"""
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: reader
              namespace: {_access.System}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: stranger
              namespace: {_access.System}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata:
              name: {_access.System}-reader
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: {_access.System}-forensics-metrics-reader
            subjects:
              - kind: ServiceAccount
                name: reader
                namespace: {_access.System}
            """);
        _scenario = await Scenario.StartAsync();
        _address = $"{LoopbackNetwork.Address}:{FreePort.Next()}";
        _controller = await ControllerProcess.StartAsync(
            _scenario, $"--kubeconfig={await ControllerKubeconfig.WriteAsync(_access.System)}", $"--worker-namespace={_access.Workers}",
            $"--metrics-addr={_address}", "--metrics-secure");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        // A set-up that failed half-way must leave nothing behind.
        _controller?.Dispose();
        if (_scenario is not null) await _scenario.DisposeAsync();
        if (_readers is not null) await _readers.DisposeAsync();
        if (_access is not null) await _access.DisposeAsync();
        _client.Dispose();
        _kubernetes.Dispose();
    }

    [Test]
    public async Task Without_a_token_or_with_one_that_is_none_it_is_401()
    {
        (await GetAsync(null)).Code.Should().Be(HttpStatusCode.Unauthorized);
        (await GetAsync("nonsense")).Code.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task With_a_token_but_without_the_right_it_is_403() =>
        (await GetAsync(await ControllerKubeconfig.TokenAsync(_access.System, "stranger"))).Code.Should().Be(HttpStatusCode.Forbidden);

    [Test]
    public async Task With_the_right_it_is_200()
    {
        var (code, body) = await GetAsync(await ControllerKubeconfig.TokenAsync(_access.System, "reader"));

        code.Should().Be(HttpStatusCode.OK, body);
        body.Should().Contain("forensics_build_info");
    }

    [Test]
    public async Task Prometheus_scrapes_it_with_such_a_token()
    {
        var token = await ControllerKubeconfig.TokenAsync(_access.System, "reader");
        await using var prometheus = await PrometheusServer.StartAsync(_address, $$"""
                scheme: https
                authorization: {credentials: "{{token}}"}
                tls_config: {insecure_skip_verify: true}
            """);

        await prometheus.ScrapedAsync();
        (await prometheus.QueryAsync("forensics_build_info")).Should().ContainSingle();
    }

    private async Task<(HttpStatusCode Code, string Body)> GetAsync(string? token)
    {
        using var response = await RealCluster.EventuallyAsync(
            "/metrics is served", RealCluster.Patience, () => TryGetAsync(token), answer => answer is not null);
        return (response!.StatusCode, await response.Content.ReadAsStringAsync());
    }

    // Null while the process is starting.
    private async Task<HttpResponseMessage?> TryGetAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{_address}/metrics"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return await _client.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
