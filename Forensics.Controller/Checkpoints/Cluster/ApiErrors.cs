using System.Net;
using System.Text.Json;
using k8s.Autorest;

namespace Forensics.Controller.Checkpoints.Cluster;

/// <summary>Reads the API server's errors.</summary>
internal static class ApiErrors
{
    public static bool Is(this HttpOperationException error, HttpStatusCode code) => error.Response?.StatusCode == code;

    /// <summary>The Status object's message, or what there is in its place.</summary>
    public static string MessageOf(HttpOperationException error)
    {
        var content = error.Response?.Content;
        if (string.IsNullOrEmpty(content)) return error.Message;
        try
        {
            using var status = JsonDocument.Parse(content);
            return status.RootElement.ValueKind == JsonValueKind.Object && status.RootElement.TryGetProperty("message", out var message)
                ? message.GetString() ?? content
                : content;
        }
        catch (JsonException)
        {
            return content; // A proxy's page, say.
        }
    }

    /// <summary>True for what may well succeed if asked again in a moment.</summary>
    public static bool IsTransient(Exception? error, CancellationToken cancellationToken) => error switch
    {
        HttpOperationException http => http.Response?.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
        HttpRequestException or IOException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // The client's own time-out.
        _ => false,
    };
}
