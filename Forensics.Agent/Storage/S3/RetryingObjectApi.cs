using System.Buffers;
using Forensics.Agent.Retries;
using Forensics.Api;
using Microsoft.Extensions.Logging;
using Polly;

namespace Forensics.Agent.Storage.S3;

/// <summary>Tries transient failures again. A request whose answer was lost may have been carried out: only then does
/// "exists already" or "no such upload" mean that it was, and by us. After a refusal it means that somebody else did something.</summary>
internal sealed class RetryingObjectApi(IObjectApi inner, RetryLimits limits, TimeProvider clock, ILogger logger) : IObjectApi
{
    // Slower than this a connection counts as dead.
    private const long SlowestBytesPerSecond = 128 * 1024;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);
    private readonly ResiliencePipeline _retry = TransientRetry.Create(
        limits, e => e is StoreException { IsTransient: true }, clock, logger);

    public async Task PutAsync(string key, ReadOnlySequence<byte> body, CancellationToken cancellationToken) =>
        await OnceAsync(body.Length, cancellationToken, token => inner.PutAsync(key, body, token));

    public async Task<string> BeginUploadAsync(string key, CancellationToken cancellationToken) =>
        await AttemptAsync(0, cancellationToken, token => inner.BeginUploadAsync(key, token));

    public async Task<string> UploadPartAsync(
        string key, string uploadId, int number, ReadOnlySequence<byte> body, CancellationToken cancellationToken) =>
        await AttemptAsync(body.Length, cancellationToken, token => inner.UploadPartAsync(key, uploadId, number, body, token));

    public async Task CompleteUploadAsync(
        string key, string uploadId, IReadOnlyList<string> etags, CancellationToken cancellationToken) =>
        await OnceAsync(0, cancellationToken, token => inner.CompleteUploadAsync(key, uploadId, etags, token));

    public async Task AbortUploadAsync(string key, string uploadId, CancellationToken cancellationToken) =>
        await OnceAsync(0, cancellationToken, token => inner.AbortUploadAsync(key, uploadId, token));

    public void Dispose() => inner.Dispose();

    /// <summary>For requests that take effect once: a second attempt accepts the trace of the first.</summary>
    private async Task OnceAsync(long bytes, CancellationToken cancellationToken, Func<CancellationToken, Task> request)
    {
        var mayBeDone = false;
        await AttemptAsync(bytes, cancellationToken, async token =>
        {
            try
            {
                await request(token);
            }
            catch (StoreException e) when (e.MayBeDone && mayBeDone)
            {
            }
            catch (Exception e)
            {
                mayBeDone |= e is not StoreException { LeavesDoubt: false };
                throw;
            }

            return true;
        });
    }

    private async Task<T> AttemptAsync<T>(long bytes, CancellationToken cancellationToken, Func<CancellationToken, Task<T>> request)
    {
        var timeout = AnswerTime + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
        return await _retry.ExecuteAsync(
            async token =>
            {
                using var attempt = new CancellationTokenSource(timeout, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(token, attempt.Token);
                try
                {
                    return await request(either.Token);
                }
                catch (OperationCanceledException e) when (attempt.IsCancellationRequested && !token.IsCancellationRequested)
                {
                    throw new StoreException(
                        Reasons.StoreUnreachable, $"The store gave no answer within {timeout.TotalSeconds:0} s. Check the network to it.", e)
                    { IsTransient = true, LeavesDoubt = true };
                }
            },
            cancellationToken);
    }
}
