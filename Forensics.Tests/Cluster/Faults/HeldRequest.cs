namespace Forensics.Tests.Cluster.Faults;

/// <summary>Lets everything pass but one request, which is on its way until it is delivered.</summary>
internal sealed class HeldRequest(Func<ApiCall, bool> isTheOne) : IFaultScript
{
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ServerAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the sender has sent it.</summary>
    public Task IsOnItsWay => _taken.Task;

    /// <returns>What the server says to it.</returns>
    public Task<ServerAnswer> DeliverAsync()
    {
        _due.TrySetResult();
        return _answer.Task;
    }

    public async Task ServeAsync(Exchange exchange)
    {
        if (!isTheOne(exchange.Call) || !_taken.TrySetResult())
        {
            await exchange.PassOnAsync();
            return;
        }

        await _due.Task.WaitAsync(exchange.Context.RequestAborted);
        try
        {
            _answer.SetResult(await exchange.ForwardAsync());
        }
        catch (Exception e)
        {
            _answer.SetException(e);
            throw;
        }

        await exchange.AnswerAsync(await _answer.Task);
    }

    public async Task<bool> RelayAsync(Exchange watch, byte[] line)
    {
        await watch.WriteLineAsync(line);
        return true;
    }
}
