namespace Forensics.Agent.Runtimes;

/// <summary>Which runtime to speak to, where, and how patiently.</summary>
internal sealed record RuntimeOptions
{
    /// <summary>docker, containerd or cri-o.</summary>
    public required string Name { get; init; }
    public required string Socket { get; init; }

    /// <summary>Where the node's directories are found.</summary>
    public HostLayout Layout { get; init; } = HostLayout.Direct;

    /// <summary>Longest silence, before an answer or within one, that is borne.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromMinutes(2);
}
