namespace Forensics.Api;

/// <summary>A condition in upstream's shape (that of a Job).</summary>
public sealed record Condition
{
    public string Type { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    public string Status { get; init; } = "";
    public DateTimeOffset? LastProbeTime { get; init; }
    public DateTimeOffset? LastTransitionTime { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
}

public static class ConditionTypes
{
    /// <summary>Upstream's: True when all evidence is stored.</summary>
    public const string Complete = "Complete";

    /// <summary>Upstream's: True when the capture ended otherwise.</summary>
    public const string Failed = "Failed";

    /// <summary>True on either end, so that <c>kubectl wait --for=condition=Finished</c> never hangs on a failure.</summary>
    public const string Finished = "Finished";

    /// <summary>True while the capture cannot start yet; the message says what it waits for.</summary>
    public const string Waiting = "Waiting";

    /// <summary>True when the spec was changed after the plan was written, or after the end.</summary>
    public const string SpecChanged = "SpecChanged";
}
