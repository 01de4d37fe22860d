using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>What was learnt of an artifact while it was written. With a reason it is Partial, without one Captured.</summary>
internal sealed record ArtifactFindings
{
    public static readonly ArtifactFindings Whole = new();

    public string? Reason { get; init; }
    public string? Message { get; init; }
    public long? Entries { get; init; }
    public IReadOnlyList<string> ChangedWhileRead { get; init; } = [];
    public IReadOnlyList<string> Unreadable { get; init; } = [];
    public int? PathsInAll { get; init; }
    public ExportMethod? Method { get; init; }
    public string? MethodReason { get; init; }
    public EntryTally? Tally { get; init; }
}
