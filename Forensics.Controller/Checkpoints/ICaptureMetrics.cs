namespace Forensics.Controller.Checkpoints;

/// <summary>What captures count.</summary>
internal interface ICaptureMetrics
{
    /// <summary>Called once per capture, when its final status is written.</summary>
    /// <param name="bytes">Stored, also by a failed one.</param>
    /// <param name="took">From the status' start to its end.</param>
    /// <param name="at">Its end.</param>
    void CaptureEnded(bool complete, string reason, long bytes, TimeSpan took, DateTimeOffset at);
}
