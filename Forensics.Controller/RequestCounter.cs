using System.Globalization;
using Prometheus;

namespace Forensics.Controller;

/// <summary>Counts every request to the API server, as client-go does. One without an answer has the code <c>&lt;error&gt;</c>.</summary>
internal sealed class RequestCounter(CollectorRegistry registry) : DelegatingHandler
{
    private readonly Counter _requests = Prometheus.Metrics.WithCustomRegistry(registry)
        .CreateCounter("rest_client_requests_total", "Requests to the API server by status code, method and host.", ["code", "method", "host"]);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var code = "<error>";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        finally
        {
            _requests.WithLabels(code, request.Method.Method, request.RequestUri!.Authority).Inc();
        }
    }
}
