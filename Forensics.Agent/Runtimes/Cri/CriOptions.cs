using Forensics.Agent.Retries;

namespace Forensics.Agent.Runtimes.Cri;

internal sealed record CriOptions
{
    /// <summary>containerd or cri-o.</summary>
    public required string Name { get; init; }
    public required string Socket { get; init; }

    /// <summary>Where the runtime's data and the pods' logs are found.</summary>
    public HostLayout Layout { get; init; } = HostLayout.Direct;

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromMinutes(2);
    public RetryLimits Retries { get; init; } = new() { MaxAttempts = 4, FirstDelay = TimeSpan.FromMilliseconds(250) };
}
