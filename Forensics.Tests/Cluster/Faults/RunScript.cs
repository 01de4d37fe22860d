using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>What the proxy does in one run: it counts the points that are passed, and lets the plan's fault, if there is one,
/// strike at its point.</summary>
/// <param name="crashAsync">Kills the controller and starts it again.</param>
internal sealed class RunScript(FaultPlan? plan, Func<Task> crashAsync) : IFaultScript
{
    // A server that is behind catches up, but not before a controller that starts has looked at what it has.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<(PointKind, string), int> _passed = [];
    private readonly List<FaultPoint> _points = [];
    private readonly ConcurrentDictionary<string, CachedList> _firstLists = new();
    private readonly ConcurrentDictionary<string, CachedList> _replayed = new();
    private readonly ConcurrentDictionary<string, bool> _behind = new();
    private readonly HashSet<string> _filled = [];
    private TaskCompletionSource _allFilled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _fired;

    /// <summary>A list that a cache was filled from.</summary>
    public sealed record CachedList(string Query, ServerAnswer Answer);

    public bool Fired => _fired;

    /// <summary>As they were when the first controller started.</summary>
    public IReadOnlyDictionary<string, CachedList> FirstLists => _firstLists;

    /// <summary>As they were when the controller first wrote something.</summary>
    public IReadOnlyDictionary<string, CachedList> ListsOfTheBeginning { get; private set; } = new Dictionary<string, CachedList>();

    /// <summary>All that were passed so far, in their order.</summary>
    public IReadOnlyList<FaultPoint> Points
    {
        get
        {
            lock (_lock) return [.. _points];
        }
    }

    /// <summary>Until the controller has written nothing for so long: silence can only be waited for.</summary>
    /// <exception cref="TimeoutException">It never stopped writing.</exception>
    public async Task QuietAsync(TimeSpan spell, TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (int before = -1, now = Writes(); now != before; (before, now) = (now, Writes()))
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience) throw new TimeoutException($"The controller still writes after {patience}.");
            await Task.Delay(spell);
        }

        int Writes() => Points.Count(point => point.Kind == PointKind.Write);
    }

    public Task CrashAsync()
    {
        lock (_lock)
        {
            _filled.Clear();
            _allFilled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return crashAsync();
    }

    /// <summary>The same lists that the caches were filled from, as they are now.</summary>
    public async Task<IReadOnlyDictionary<string, CachedList>> ListAsync(Exchange exchange)
    {
        var lists = new Dictionary<string, CachedList>();
        foreach (var (resource, first) in _firstLists) lists[resource] = first with { Answer = await exchange.AskAsync(first.Query) };
        return lists;
    }

    /// <summary>The next lists for caches are these, and the watches that follow them are late.</summary>
    public void Replay(IEnumerable<KeyValuePair<string, CachedList>> lists)
    {
        foreach (var (resource, list) in lists) _replayed[resource] = list;
    }

    public async Task ServeAsync(Exchange exchange)
    {
        if (exchange.Call.Verb == "watch")
        {
            if (_behind.TryRemove(exchange.Call.Resource, out _)) await exchange.LagAsync(_allFilled.Task, Lag);
            await exchange.PassOnAsync();
            return;
        }

        var point = Pass(exchange.Call.IsWrite ? PointKind.Write : PointKind.Read, exchange.Call.ToString());
        if (exchange.Call.IsWrite && ListsOfTheBeginning.Count == 0) ListsOfTheBeginning = await ListAsync(exchange);
        if (plan?.Hits(point) == true)
        {
            _fired = true;
            await plan.Kind.OnRequest(exchange, this);
        }
        else if (exchange.Call.FillsCache)
        {
            await FillCacheAsync(exchange);
        }
        else
        {
            await exchange.PassOnAsync();
        }
    }

    public async Task<bool> RelayAsync(Exchange watch, byte[] line)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.GetProperty("type").GetString() is { } type and not ("BOOKMARK" or "ERROR")
            && Pass(PointKind.Event, $"event {watch.Call.Resource} {type}") is var point && plan?.Hits(point) == true)
        {
            _fired = true;
            return await plan.Kind.OnEvent(watch, line);
        }

        await watch.WriteLineAsync(line);
        return true;
    }

    private async Task FillCacheAsync(Exchange exchange)
    {
        var resource = exchange.Call.Resource;
        if (_replayed.TryRemove(resource, out var old))
        {
            _behind[resource] = true;
            await exchange.AnswerAsync(old.Answer);
        }
        else
        {
            var answer = await exchange.ForwardAsync();
            _firstLists.TryAdd(resource, new CachedList(WithoutVersion(exchange.Context.Request), answer));
            await exchange.AnswerAsync(answer);
        }

        NoteFilled(resource);
    }

    private void NoteFilled(string resource)
    {
        lock (_lock)
        {
            _filled.Add(resource);
            if (_filled.IsSupersetOf(_firstLists.Keys)) _allFilled.TrySetResult();
        }
    }

    private FaultPoint Pass(PointKind kind, string what)
    {
        lock (_lock)
        {
            var nth = _passed[(kind, what)] = _passed.GetValueOrDefault((kind, what)) + 1;
            var point = new FaultPoint(kind, what, nth);
            _points.Add(point);
            return point;
        }
    }

    private static string WithoutVersion(HttpRequest request) =>
        request.Path + (request.Query["labelSelector"].ToString() is { Length: > 0 } selector ? $"?labelSelector={Uri.EscapeDataString(selector)}" : "");
}
