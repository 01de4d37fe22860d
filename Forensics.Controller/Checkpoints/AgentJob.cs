namespace Forensics.Controller.Checkpoints;

/// <summary>What is read of a capture's Job. The library's type holds all of it, some 20 times as much.</summary>
internal sealed record AgentJob
{
    public AgentMeta Metadata { get; init; } = new();
    public long? ActiveDeadlineSeconds { get; init; }
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Pods running, succeeded and failed.</summary>
    public int Active { get; init; }
    public int Succeeded { get; init; }
    public int Failed { get; init; }

    /// <summary>When its deadline ends it; null if it does not say since when it is there.</summary>
    /// <param name="deadline">If it has none of its own.</param>
    public DateTimeOffset? DueTime(TimeSpan deadline) =>
        (StartTime ?? Metadata.CreationTimestamp) + (ActiveDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : deadline);

    /// <summary>The condition that ended it; null while it goes on.</summary>
    public AgentJobEnd? End { get; init; }
}

/// <param name="Type">Complete or Failed.</param>
/// <param name="Reason">The Job controller's, such as DeadlineExceeded; null for Complete.</param>
internal sealed record AgentJobEnd(string Type, string? Reason, DateTimeOffset? LastTransitionTime);
