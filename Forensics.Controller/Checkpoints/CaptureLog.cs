using Forensics.Controller.Informers;

namespace Forensics.Controller.Checkpoints;

/// <summary>Everything that captures log, each message once.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Key}: planned the capture of pod {Namespace}/{Pod} on node {Node}.")]
    public static partial void Planned(this ILogger log, ResourceKey key, string @namespace, string pod, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Key}: started the agent by Job {Job}.")]
    public static partial void AgentStarted(this ILogger log, ResourceKey key, string job);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Key}: waits. {Reason}: {Message}")]
    public static partial void Waits(this ILogger log, ResourceKey key, string reason, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Key}: ended. {Reason}: {Message}")]
    public static partial void Ended(this ILogger log, ResourceKey key, string reason, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Key}: deleted, since it ended {Seconds} s ago (its ttlSecondsAfterFinished).")]
    public static partial void Expired(this ILogger log, ResourceKey key, int? seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed plan and Job {Name}: {Why}.")]
    public static partial void Removed(this ILogger log, string name, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event {Reason} on {Key} could not be recorded: {Problem}")]
    public static partial void EventNotRecorded(this ILogger log, string reason, ResourceKey key, string problem);
}
