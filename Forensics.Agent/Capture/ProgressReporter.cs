using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>Tells how far the capture is: once for each artifact that is done, and in between at most every two seconds.</summary>
internal sealed class ProgressReporter(TimeProvider clock, Action<CaptureProgress> report)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private CaptureProgress _now = new();
    private long _reported = clock.GetTimestamp();

    public void Begin(string? container, string artifact) => _now = _now with { Container = container, Artifact = artifact };

    public void Read(int bytes)
    {
        _now = _now with { Bytes = _now.Bytes + bytes };
        if (clock.GetElapsedTime(_reported) >= Interval) Report();
    }

    public void Done()
    {
        _now = _now with { ArtifactsDone = _now.ArtifactsDone + 1 };
        Report();
    }

    private void Report()
    {
        _reported = clock.GetTimestamp();
        report(_now with { Time = clock.GetUtcNow() });
    }
}
