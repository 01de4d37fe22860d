namespace Forensics.Controller.Informers;

/// <summary>The API server's own "no": a Status object, whether it came as an HTTP answer or inside a watch stream.</summary>
internal sealed class ApiStatusException(int code, string reason, string message) : Exception(message)
{
    private const string TooLargeMessage = "Too large resource version";

    /// <summary>As an HTTP status code.</summary>
    public int Code { get; } = code;

    /// <summary>Kubernetes' word for it: Expired, Forbidden, TooManyRequests and so on; may be empty.</summary>
    public string Reason { get; } = reason;

    /// <summary>The resourceVersion asked for is older than what the server remembers.</summary>
    public bool IsExpired => Code == StatusCodes.Status410Gone;

    /// <summary>The resourceVersion asked for is one that this server has not reached: it was restored, or lags behind its peers.</summary>
    public bool IsTooLarge =>
        Code == StatusCodes.Status504GatewayTimeout && Message.Contains(TooLargeMessage, StringComparison.OrdinalIgnoreCase);

    public bool IsTooManyRequests => Code == StatusCodes.Status429TooManyRequests;
}
