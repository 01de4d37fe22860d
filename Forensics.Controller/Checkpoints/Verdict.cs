using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>How a capture ended.</summary>
internal sealed record Verdict(string Reason, string Message)
{
    public bool Complete => Reason == Reasons.Captured;

    /// <summary>The agent's own account; null if there is none.</summary>
    public CaptureOutcome? Outcome { get; init; }

    /// <summary>True if there is no account, and something may have been stored all the same.</summary>
    public bool MayHaveStored { get; init; }

    /// <summary>True if it is drawn from something not being there. A cache that lags behind misses things, and lets go of what has
    /// served, so such a verdict is only final once live reads have confirmed it.</summary>
    public bool RestsOnAbsence { get; init; }

    public static Verdict Of(Trouble trouble) => new(trouble.Reason, trouble.Message);
}
