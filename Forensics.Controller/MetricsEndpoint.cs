using k8s;
using Prometheus;

namespace Forensics.Controller;

/// <summary>Where Prometheus scrapes: plain behind a NetworkPolicy, or by HTTPS with the cluster's own RBAC at the door.</summary>
internal sealed class MetricsEndpoint : IAsyncDisposable
{
    private readonly HttpEndpoint _endpoint;
    private readonly ScrapeGuard? _guard;

    private MetricsEndpoint(HttpEndpoint endpoint, ScrapeGuard? guard) => (_endpoint, _guard) = (endpoint, guard);

    /// <exception cref="IOException">The address is taken, or the certificate cannot be read.</exception>
    public static async Task<MetricsEndpoint> StartAsync(
        ControllerOptions options, CollectorRegistry registry, IKubernetes kubernetes, TimeProvider time, ILoggerFactory loggers)
    {
        var metrics = Endpoints.Metrics(registry);
        if (!options.MetricsSecure) return new MetricsEndpoint(await HttpEndpoint.StartAsync(options.MetricsAddress, metrics), null);

        var guard = new ScrapeGuard(kubernetes, time, loggers.CreateLogger<ScrapeGuard>());
        var certificate = CertificateOf(options, time, loggers.CreateLogger<ServingCertificate>());
        return new MetricsEndpoint(await HttpEndpoint.StartAsync(options.MetricsAddress, guard.Around(metrics), certificate), guard);
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _guard?.Dispose();
    }

    private static ServingCertificate CertificateOf(ControllerOptions options, TimeProvider time, ILogger<ServingCertificate> log) =>
        options.MetricsCertPath.Length == 0
            ? ServingCertificate.SelfSigned(time, log)
            : ServingCertificate.FromFiles(
                Path.Combine(options.MetricsCertPath, options.MetricsCertName), Path.Combine(options.MetricsCertPath, options.MetricsCertKey), time, log);
}
