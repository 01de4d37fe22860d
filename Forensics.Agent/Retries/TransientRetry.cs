using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Forensics.Agent.Retries;

/// <summary>The one retry policy: exponential back-off with jitter for what may pass. What is read only once
/// (an export stream) never goes through it.</summary>
internal static class TransientRetry
{
    public static ResiliencePipeline Create(
        RetryLimits limits, Func<Exception, bool> isTransient, TimeProvider clock, ILogger logger)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = clock };
        if (limits.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } e && isTransient(e)),
                MaxRetryAttempts = limits.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = limits.FirstDelay,
                MaxDelay = limits.MaxDelay,
                OnRetry = arguments =>
                {
                    logger.Retrying(arguments.Outcome.Exception?.Message ?? "", arguments.AttemptNumber + 2, arguments.RetryDelay.TotalSeconds);
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder.Build();
    }
}
