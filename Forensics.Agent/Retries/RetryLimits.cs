namespace Forensics.Agent.Retries;

/// <summary>How long to keep trying. The defaults give up after about half a minute of refusals.</summary>
internal sealed record RetryLimits
{
    /// <summary>The first attempt included.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>Before the second attempt; doubles from there, jittered.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(15);
}
