using System.Net;
using k8s.Autorest;
using Polly;
using Polly.Retry;

namespace Forensics.Controller.Checkpoints.Cluster;

/// <summary>How calls are tried again. Few tries and quick: the work queue does the patient part.</summary>
internal static class ApiRetry
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>For calls that may be done twice: reads, deletes, and status writes. (Those carry a resourceVersion, so that a second one is refused.)</summary>
    public static ResiliencePipeline Pipeline(TimeProvider time) => Pipeline(time, ApiErrors.IsTransient);

    /// <summary>For calls that must not be done twice: only what the server has turned away at the door (429) was surely not done.</summary>
    public static ResiliencePipeline PipelineOfCreations(TimeProvider time) =>
        Pipeline(time, (error, _) => error is HttpOperationException refused && refused.Is(HttpStatusCode.TooManyRequests));

    private static ResiliencePipeline Pipeline(TimeProvider time, Func<Exception?, CancellationToken, bool> mayPass) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(mayPass(args.Outcome.Exception, args.Context.CancellationToken)),
            DelayGenerator = args => ValueTask.FromResult(AskedFor(args.Outcome.Exception)),
        })
        .Build();

    // Retry-After in seconds, as the API server's priority and fairness sends it.
    private static TimeSpan? AskedFor(Exception? error) =>
        error is HttpOperationException { Response.Headers: { } headers }
        && headers.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } values
        && int.TryParse(values.FirstOrDefault(), out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (int)LongestPause.TotalSeconds))
            : null;
}
