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

    // Reconciling.
    [LoggerMessage(Level = LogLevel.Error, Message = "Reconciling {Key} failed ({Failures} times in a row before); it is tried again after a back-off.")]
    public static partial void ReconcileFailed(this ILogger log, Exception error, ResourceKey key, int failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reconciling {Key} met a conflict ({Failures} errors in a row before); it is tried again with newer data.")]
    public static partial void ReconcileConflict(this ILogger log, ResourceKey key, int failures);
}
