using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Tells how far the capture is: once for each artifact that is done, and in between at most every two seconds. Artifacts
/// that are made beside another one tell from tasks of their own.</summary>
internal sealed class ProgressReporter(TimeProvider clock, Action<CaptureProgress> report)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private CaptureProgress _now = new();
    private long _reported = clock.GetTimestamp();

    public void Begin(string? container, string artifact)
    {
        lock (_lock) _now = _now with { Container = container, Artifact = artifact };
    }

    public void Read(int bytes)
    {
        lock (_lock)
        {
            _now = _now with { Bytes = _now.Bytes + bytes };
            if (clock.GetElapsedTime(_reported) >= Interval) Report();
        }
    }

    public void Done()
    {
        lock (_lock)
        {
            _now = _now with { ArtifactsDone = _now.ArtifactsDone + 1 };
            Report();
        }
    }

    private void Report()
    {
        _reported = clock.GetTimestamp();
        report(_now with { Time = clock.GetUtcNow() });
    }
}
