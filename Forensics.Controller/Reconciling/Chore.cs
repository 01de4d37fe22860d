namespace Forensics.Controller.Reconciling;

/// <summary>What is to be done when this replica starts to work and every now and then, whatever keys are on the queue.</summary>
internal sealed class Chore(string name, Func<CancellationToken, Task> act, TimeSpan period, TimeProvider time, ILogger<Chore> log)
{
    /// <summary>After a failure the next try comes sooner.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>Runs until cancelled. A failure is logged and tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var succeeded = await TryAsync(cancellationToken);
            await Task.Delay(succeeded ? period : RetryAfter, time, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await act(cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.ChoreFailed(e, name, RetryAfter.TotalSeconds);
            return false;
        }
    }
}
