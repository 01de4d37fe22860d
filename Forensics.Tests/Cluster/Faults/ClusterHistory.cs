using System.Text.Json;
using k8s;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Everything that was ever there, as the API server tells it to a watch of the tests' own: what is counted does not
/// rest on what the controller or the proxy says of itself.</summary>
internal sealed class ClusterHistory : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Seen> _objects = [];
    private TaskCompletionSource _changed = New();
    private Task _watching = Task.CompletedTask;

    /// <summary>One object, as it was last seen.</summary>
    public sealed record Seen(string Resource, string Uid, string Name, JsonElement Last, bool Gone);

    /// <param name="paths">Of what is watched, such as <c>api/v1/namespaces/a/pods</c>.</param>
    public static async Task<ClusterHistory> StartAsync(Kubernetes kubernetes, params IEnumerable<string> paths)
    {
        var history = new ClusterHistory();
        var begun = await Task.WhenAll(paths.Select(path => history.BeginAsync(kubernetes, path)));
        history._watching = Task.WhenAll(begun.Select(watch => history.FollowAsync(watch.Resource, watch.Lines)));
        return history;
    }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<Seen> Of(string resource)
    {
        lock (_lock) return [.. _objects.Where(seen => seen.Resource == resource)];
    }

    /// <summary>What is gone has never been.</summary>
    public void Forget()
    {
        lock (_lock) _objects.RemoveAll(seen => seen.Gone);
    }

    /// <summary>Looks again whenever something has changed, until there is something to see.</summary>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public async Task<T> UntilAsync<T>(string what, TimeSpan patience, Func<T?> look, CancellationToken cancellationToken = default)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        while (true)
        {
            Task changed;
            lock (_lock) changed = _changed.Task;
            if (look() is { } found) return found;
            if (_watching.IsCompleted) await _watching; // Nothing more would come.
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"not within {patience.TotalSeconds:0} s: {what}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task<(string Resource, StreamReader Lines)> BeginAsync(Kubernetes kubernetes, string path)
    {
        // From the beginning: what is there already comes as if it were new. One day is longer than any run.
        var uri = new Uri(kubernetes.BaseUri, $"{path}?watch=true&timeoutSeconds=86400");
        var answer = await kubernetes.HttpClient.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, _end.Token);
        answer.EnsureSuccessStatusCode();
        return (path[(path.LastIndexOf('/') + 1)..], new StreamReader(await answer.Content.ReadAsStreamAsync(_end.Token)));
    }

    private async Task FollowAsync(string resource, StreamReader lines)
    {
        using (lines)
        {
            while (await lines.ReadLineAsync(_end.Token) is { } line) Note(resource, line);
        }

        throw new InvalidOperationException($"The API server ended the tests' own watch of {resource}.");
    }

    private void Note(string resource, string line)
    {
        using var document = JsonDocument.Parse(line);
        var item = document.RootElement.GetProperty("object").Clone();
        var metadata = item.GetProperty("metadata");
        var seen = new Seen(
            resource, metadata.GetProperty("uid").GetString()!, metadata.GetProperty("name").GetString()!, item,
            document.RootElement.GetProperty("type").GetString() == "DELETED");
        TaskCompletionSource changed;
        lock (_lock)
        {
            var before = _objects.FindIndex(o => o.Resource == resource && o.Uid == seen.Uid);
            if (before >= 0) _objects[before] = seen;
            else _objects.Add(seen);
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
