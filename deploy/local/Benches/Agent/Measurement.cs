namespace Forensics.Local;

/// <summary>What one run took.</summary>
internal sealed record Measurement(TimeSpan Wall, double CpuSeconds, long PeakRss, long DiskWritten);
