using Forensics.Controller.Informers;

namespace Forensics.Controller;

/// <summary>Everything that the machinery logs, each message once.</summary>
internal static partial class Log
{
    // Informers.
    [LoggerMessage(Level = LogLevel.Information, Message = "Synced {What}: {Count} there.")]
    public static partial void Synced(this ILogger log, string what, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watching {What}: {Problem}. Trying again after a back-off.")]
    public static partial void WatchFailed(this ILogger log, string what, string problem);

    // Leadership.
    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the Lease {Namespace}/{Name} as {Identity}; caches are kept warm.")]
    public static partial void WaitingForLease(this ILogger log, string @namespace, string name, string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "Holding the Lease {Namespace}/{Name} as {Identity}.")]
    public static partial void LeaseAcquired(this ILogger log, string @namespace, string name, string identity);

    [LoggerMessage(Level = LogLevel.Error, Message = "Lost the Lease {Namespace}/{Name}: not renewed within {Seconds} s, or another replica has it. Stopping.")]
    public static partial void LeaseLost(this ILogger log, string @namespace, string name, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease {Namespace}/{Name} could not be read or written: {Problem}. Trying again.")]
    public static partial void LeaseFailed(this ILogger log, string @namespace, string name, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Gave back the Lease {Namespace}/{Name}.")]
    public static partial void LeaseReleased(this ILogger log, string @namespace, string name);

    // Who reads the metrics.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Who asks for /metrics could not be reviewed: {Problem}. It was refused.")]
    public static partial void ScrapeNotReviewed(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate of /metrics was replaced; the new one is valid until {NotAfter:u}.")]
    public static partial void CertificateRead(this ILogger log, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The new certificate of /metrics cannot be read: {Problem}. The old one serves on.")]
    public static partial void CertificateNotRead(this ILogger log, string problem);

    // The process.
    [LoggerMessage(Level = LogLevel.Information, Message = "forensics-controller {Version} starts against {Server}.")]
    public static partial void Starting(this ILogger log, string version, Uri server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No --allowed-destinations: whoever may create a PodCheckpoint can send any pod's files to any bucket that the agent may write to.")]
    public static partial void AnyDestinationAllowed(this ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Caches are synced; {Workers} workers start.")]
    public static partial void Started(this ILogger log, int workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: the queue is drained, for {Seconds} s at the most.")]
    public static partial void Draining(this ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "All workers have stopped.")]
    public static partial void Drained(this ILogger log);

    // Reconciling.
    [LoggerMessage(Level = LogLevel.Error, Message = "Reconciling {Key} failed ({Failures} times in a row before); it is tried again after a back-off.")]
    public static partial void ReconcileFailed(this ILogger log, Exception error, ResourceKey key, int failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reconciling {Key} met a conflict ({Failures} errors in a row before); it is tried again with newer data.")]
    public static partial void ReconcileConflict(this ILogger log, ResourceKey key, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chore} failed; it is tried again in {Seconds} s.")]
    public static partial void ChoreFailed(this ILogger log, Exception error, string chore, double seconds);
}
