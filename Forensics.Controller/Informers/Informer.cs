namespace Forensics.Controller.Informers;

/// <summary>A cache of one type of object, kept up by watches, that puts a key on the queue for whatever changes in it.
/// Which key is the wiring's choice: a Job's event brings the key of the PodCheckpoint that it works for. Several namespaces
/// are several list-watches, one scope each, into one store.</summary>
internal sealed class Informer<T> : IStore<T>, IInformer
    where T : class
{
    private readonly Store<T> _store;
    private readonly IReadOnlyList<Reflector<T>> _reflectors;
    private readonly Func<T, ResourceKey?> _keyFor;
    private readonly Action<ResourceKey> _enqueue;
    private readonly TimeProvider _time;
    private readonly TimeSpan _resyncPeriod;
    private readonly IComparer<T>? _order;

    /// <param name="order">In which all are told (<see cref="TellAll"/>); null if it does not matter.</param>
    public Informer(
        ResourceType<T> type,
        IReadOnlyList<IListWatch<T>> scopes,
        Func<T, ResourceKey?> keyFor,
        Action<ResourceKey> enqueue,
        TimeProvider time,
        ILogger log,
        Func<T, string?>? indexBy = null,
        TimeSpan resyncPeriod = default,
        IComparer<T>? order = null)
    {
        Name = type.ToString();
        _keyFor = keyFor;
        _enqueue = enqueue;
        _time = time;
        _resyncPeriod = resyncPeriod;
        _order = order;
        _store = new Store<T>(type, indexBy);
        _reflectors = [.. scopes.Select(scope => new Reflector<T>(scope, _store, EnqueueChanged, time, log))];
        Synced = Task.WhenAll(_reflectors.Select(reflector => reflector.Synced));
    }

    public string Name { get; }

    public Task Synced { get; }

    public bool HasSynced => Synced.IsCompletedSuccessfully;

    public string? Problem => _reflectors.Select(reflector => reflector.Problem).FirstOrDefault(problem => problem is not null);

    public T? Get(ResourceKey key) => _store.Get(key);

    public IReadOnlyList<T> Indexed(string value) => _store.Indexed(value);

    public IReadOnlyList<T> List() => _store.List();

    public IReadOnlyList<T> Where(Func<T, bool> condition) => _store.Where(condition);

    public void Trim(string value, Func<T, T> part) => _store.Trim(value, part);

    public void TellAll()
    {
        IEnumerable<T> all = _store.List();
        foreach (var item in _order is null ? all : all.Order(_order)) Enqueue(item);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = _reflectors.Select(reflector => reflector.RunAsync(cancellationToken)).Append(ResyncAsync(cancellationToken));
        await await Task.WhenAny(running); // None ends but by cancellation or a bug, which is to be seen at once.
    }

    // Nothing is asked of the API server: this is for what a reconcile should have seen and did not.
    private async Task ResyncAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_resyncPeriod == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _resyncPeriod, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) TellAll();
    }

    // Both states: a change of owner is news to the old one and to the new one.
    private void EnqueueChanged(Change<T> change)
    {
        Enqueue(change.Old);
        Enqueue(change.New);
    }

    private void Enqueue(T? item)
    {
        if (item is not null && _keyFor(item) is { } key) _enqueue(key);
    }
}
