using System.Net.Sockets;

namespace Forensics.Controller.Informers;

/// <summary>Keeps one namespace (or all) of a store equal to what the API server has: list, then watch from there, and list
/// again when the watch cannot go on. Lives as long as the process, whatever the wire does.</summary>
internal sealed class Reflector<T>(
    IListWatch<T> listWatch,
    Store<T> store,
    Action<Change<T>> onChange,
    TimeProvider time,
    ILogger log)
    where T : class
{
    // "Any state that the server has at hand": cheap for it, and what came later comes by the watch.
    private const string AnyVersion = "0";
    private const string NewestVersion = "";

    private static readonly TimeSpan ShortestSaneWatch = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(time);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _resourceVersion = AnyVersion;

    /// <summary>Done once the first list is in the store and its changes have been handed on.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Why the last attempt failed, for a person; null while all is well.</summary>
    public string? Problem { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ListAsync(cancellationToken);
                await WatchUntilListNeededAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Report(e);
                await _backoff.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        ResourceList<T> list;
        try
        {
            list = await listWatch.ListAsync(_resourceVersion, cancellationToken);
        }
        catch (ApiStatusException e) when (e.IsExpired || e.IsTooLarge)
        {
            // This server cannot serve that version, now or ever: asking for it again would go round for ever.
            list = await listWatch.ListAsync(NewestVersion, cancellationToken);
        }

        _resourceVersion = list.ResourceVersion;
        foreach (var change in store.Replace(listWatch.Namespace, list.Items)) onChange(change);
        Problem = null;
        if (_synced.TrySetResult()) log.Synced(listWatch.Description, list.Items.Count);
    }

    // Ends by an exception only: one after which the position in the stream of events is lost or in doubt.
    private async Task WatchUntilListNeededAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await WatchAsync(cancellationToken);
            }
            catch (Exception e) when (KeepsPosition(e) && !cancellationToken.IsCancellationRequested)
            {
                Report(e);
                await _backoff.WaitAsync(cancellationToken);
            }
        }
    }

    // A clean end after a while is normal: servers end every watch sooner or later.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var events = 0;
        await foreach (var change in listWatch.WatchAsync(_resourceVersion, cancellationToken))
        {
            events++;
            Problem = null;
            Apply(change);
            if (change.ResourceVersion.Length > 0) _resourceVersion = change.ResourceVersion;
        }

        if (events == 0 && time.GetElapsedTime(started) < ShortestSaneWatch)
            throw new InvalidDataException("The API server ended the watch at once, with no event.");
    }

    private void Apply(WatchEvent<T> change)
    {
        switch (change)
        {
            case { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } item }:
                onChange(store.Set(item));
                break;
            case { Type: WatchEventType.Deleted, Object: { } item }:
                onChange(store.Remove(item));
                break;
        }
    }

    // The server is busy, away, or the line was cut: nothing was missed that a watch from the same version would not bring.
    // A list then would only add to the load that brought it down.
    private static bool KeepsPosition(Exception e) => e switch
    {
        ApiStatusException status => status.IsTooManyRequests,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => true,
        _ => e is IOException,
    };

    private void Report(Exception e)
    {
        Problem = ApiProblem.Explain(e, listWatch.Description);
        log.WatchFailed(listWatch.Description, Problem);
    }
}
