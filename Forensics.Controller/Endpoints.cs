using Forensics.Controller.Informers;
using Prometheus;

namespace Forensics.Controller;

/// <summary>What /metrics, /healthz and /readyz answer.</summary>
internal static class Endpoints
{
    public const string MetricsPath = "/metrics";

    public static RequestDelegate Metrics(CollectorRegistry registry) => async context =>
    {
        if (context.Request.Path != MetricsPath)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    };

    /// <summary>Healthy while the process answers. Ready once the caches are synced, and from then on: a standby replica is ready too,
    /// and one whose watches fail works with what it saw last, but says what is wrong.</summary>
    public static RequestDelegate Probes(IReadOnlyList<IInformer> informers) => context => context.Request.Path.Value switch
    {
        "/healthz" => AnswerAsync(context, StatusCodes.Status200OK, "ok"),
        "/readyz" => AnswerReadyAsync(context, informers),
        _ => AnswerAsync(context, StatusCodes.Status404NotFound, "not found"),
    };

    private static Task AnswerReadyAsync(HttpContext context, IReadOnlyList<IInformer> informers)
    {
        var missing = informers.Where(informer => !informer.HasSynced).ToList();
        return missing.Count == 0
            ? AnswerAsync(context, StatusCodes.Status200OK, string.Join('\n', ["ok", .. informers.Where(informer => informer.Problem is not null).Select(Complaint)]))
            : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable,
                string.Join('\n', missing.Select(informer => $"not synced: {informer.Name}: {informer.Problem ?? "first list under way"}")));

        static string Complaint(IInformer informer) => $"failing: {informer.Name}: {informer.Problem}";
    }

    private static Task AnswerAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
