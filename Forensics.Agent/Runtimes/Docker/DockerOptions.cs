using Forensics.Agent.Retries;

namespace Forensics.Agent.Runtimes.Docker;

internal sealed record DockerOptions
{
    public required string Socket { get; init; }

    /// <summary>Where the daemon's data root is found.</summary>
    public HostLayout Layout { get; init; } = HostLayout.Direct;

    /// <summary>Longest silence, before an answer or within one, that is borne: progress is bounded, length is not.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromMinutes(2);
    public RetryLimits Retries { get; init; } = new() { MaxAttempts = 4, FirstDelay = TimeSpan.FromMilliseconds(250) };
}
