using Microsoft.Extensions.Logging;

namespace Forensics.Agent;

/// <summary>Every message that a person may read on stderr.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt {Attempt} in {Delay}: {Error}")]
    public static partial void Retrying(this ILogger logger, int attempt, TimeSpan delay, string error);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The upload {UploadId} of {Key} could not be aborted; a lifecycle rule on the bucket removes such parts: {Error}")]
    public static partial void UploadNotAborted(this ILogger logger, string key, string uploadId, string error);
}
