namespace Forensics.Local;

/// <param name="Complaints">Why the run is no success; empty if it is one.</param>
internal sealed record TestRunResult(TestSummary Summary, IReadOnlyList<string> Complaints);
