namespace Forensics.Agent.Capture;

/// <summary>How long something may keep silent, and by which clock.</summary>
internal sealed record Patience(TimeSpan Limit, TimeProvider Clock);
