using System.Runtime.InteropServices;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent;

/// <summary>Every message that a person may read on stderr.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Error} Attempt {Attempt} in {Seconds:0.0} s.")]
    public static partial void Retrying(this ILogger logger, string error, int attempt, double seconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning,
        Message = "The upload {UploadId} of {Key} could not be aborted; a lifecycle rule on the bucket removes such parts: {Error}")]
    public static partial void UploadNotAborted(this ILogger logger, string key, string uploadId, string error);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Capturing {Namespace}/{Pod} into {Location}")]
    public static partial void CaptureStarted(this ILogger logger, string @namespace, string pod, string location);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "{State} {Artifact}, {Bytes} bytes")]
    public static partial void ArtifactDone(this ILogger logger, CaptureState state, string artifact, long bytes);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "{State} {Artifact}, {Reason}: {Problem}")]
    public static partial void ArtifactNotWhole(this ILogger logger, CaptureState state, string artifact, string reason, string problem);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "{Reason}: {Problem}")]
    public static partial void RuntimeProblem(this ILogger logger, string reason, string problem);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "{Signal} received: ending the capture, closing the folder")]
    public static partial void Signalled(this ILogger logger, PosixSignal signal);

    [LoggerMessage(EventId = 8, Message = "{Reason}: {Outcome}")]
    public static partial void CaptureEnded(this ILogger logger, LogLevel level, string reason, string outcome);

    [LoggerMessage(EventId = 9, Level = LogLevel.Error, Message = "The outcome could not be written to {Path}: {Problem}")]
    public static partial void OutcomeNotWritten(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "{Container}: {Artifact}; {Bytes} bytes read in all")]
    public static partial void Progress(this ILogger logger, string container, string artifact, long bytes);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Skipped {Artifact}, {Reason}: {Rule}")]
    public static partial void ArtifactLeftOut(this ILogger logger, string artifact, string reason, string rule);

    public static void CaptureEnded(this ILogger logger, CaptureOutcome outcome) =>
        logger.CaptureEnded(outcome.Complete ? LogLevel.Information : LogLevel.Error, outcome.Reason, outcome.Message);
}
