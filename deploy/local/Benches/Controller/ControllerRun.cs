namespace Forensics.Local;

/// <summary>One control plane, one controller, one load.</summary>
internal sealed class ControllerRun : IAsyncDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenNews = TimeSpan.FromSeconds(10);

    // Far more than it takes: only what hangs exceeds it.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPerObject = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly BenchControlPlane _plane;
    private readonly BenchApi _api;
    private readonly CaptureLoad _load;
    private readonly PlayedAgents _agents;
    private readonly Task[] _plays;
    private readonly Func<MeasuredController> _start;
    private readonly Progress _progress;
    private MeasuredController _controller;

    private ControllerRun(BenchControlPlane plane, BenchApi api, string program, string account, Progress progress)
    {
        (_plane, _api, _progress) = (plane, api, progress);
        _load = new CaptureLoad(api, progress.Time);
        _agents = new PlayedAgents(api, progress.Time);
        _plays = [_load.FollowAsync(_end.Token), _agents.PlayAsync(_end.Token)];
        // Its own limits would have nearly all captures wait for their turn.
        _start = () => MeasuredController.Start(
            program, account, plane.LogOf("controller"), "--worker-namespace=forensics-workers", "--max-captures=100000", "--max-captures-per-node=1000");
        _controller = _start();
    }

    public static async Task<ControllerRun> StartAsync(LocalPaths paths, string program, Progress progress, CancellationToken cancellation)
    {
        var plane = await BenchControlPlane.StartAsync(paths, progress, cancellation);
        var api = new BenchApi(plane.Files);
        try
        {
            await plane.KubectlAsync(cancellation, "apply", "-k", Path.Combine(RepositoryRoot.Find(), "deploy/base"));
            await new BenchTargets(api).MakeAsync(cancellation);
            progress.Say($"Control plane: ready, with {BenchTargets.Nodes} nodes that nobody runs");
            var account = await new BenchAccount(api, plane).WriteAsync(cancellation);
            return new ControllerRun(plane, api, program, account, progress);
        }
        catch
        {
            api.Dispose();
            await plane.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it costs to be there.</summary>
    public async Task IdleAsync(string what, CancellationToken cancellation)
    {
        await ReachAsync("its workers start", async token => await _controller.ShowsAsync("controller_runtime_max_concurrent_reconciles", token), LongestStart, cancellation);
        await Task.Delay(TimeSpan.FromSeconds(5), _progress.Time, cancellation); // What its start has left to do.
        var before = await _controller.UseAsync(cancellation);
        await Task.Delay(IdleTime, _progress.Time, cancellation);
        var use = await _controller.UseAsync(cancellation) - before;
        _progress.Say($"Idle {what}: {use.ResidentMib:0.0} MiB resident, {use.CpuSeconds / IdleTime.TotalSeconds:0.00 %} of a core, {use.Requests / IdleTime.TotalSeconds:0.00} requests/s");
    }

    /// <summary>Captures, with the controller killed in the midst of them.</summary>
    public async Task<ControllerRecord> LoadAsync(int objects, CancellationToken cancellation)
    {
        var (time, limit) = (_progress.Time, LongestStart + (objects * LongestPerObject));
        var (before, began) = (await _controller.UseAsync(cancellation), time.GetTimestamp());
        var creating = _load.CreateAsync(objects, cancellation);
        await ReachAsync("half of the Jobs are there", _ => Task.FromResult(_agents.JobsSeen.Count >= objects / 2), limit, cancellation);
        var use = await _controller.UseAsync(cancellation) - before;
        var restart = await RestartAsync(cancellation);
        await creating;
        _progress.Say($"All {objects} PodCheckpoints are created");

        await ReachAsync("every capture has ended", _ => Task.FromResult(_load.Ended.Count >= objects), limit, cancellation);
        var took = time.GetElapsedTime(began);
        await _agents.PlayedAsync();
        use += await _controller.UseAsync(cancellation);
        _progress.Say($"All ended, {took.TotalSeconds:0} s after the first was created. Requests of the second process: {await _controller.RequestsAsync(cancellation)}");
        var latencies = _load.Created.Select(pair => time.GetElapsedTime(pair.Value, _agents.JobsSeen[pair.Key]).TotalMilliseconds).Order().ToList();
        return new ControllerRecord
        {
            Objects = objects,
            ReconcilesPerSecond = Rounded(use.Reconciles / took.TotalSeconds),
            RequestsPerCapture = Rounded(use.Requests / objects),
            P50Milliseconds = Rounded(latencies[(int)(0.5 * (objects - 1))]),
            P99Milliseconds = Rounded(latencies[(int)(0.99 * (objects - 1))]),
            PeakRssMib = Rounded(use.PeakMib),
            CpuSeconds = Rounded(use.CpuSeconds),
            AllocatedKibPerReconcile = Rounded(use.AllocatedBytes / use.Reconciles / 1024),
            RestartMilliseconds = Rounded(restart.TotalMilliseconds),
            Lost = _load.Created.Keys.Count(uid => _load.Ended.GetValueOrDefault(uid) != "Complete"),
            Duplicated = _agents.Duplicates,
        };
    }

    /// <summary>1,000 events a second of captures that have ended: nothing is asked of the API server, so what shows is the way of
    /// an event through the controller. The last thing that can be done: nobody plays any more.</summary>
    public async Task EventsAsync(CancellationToken cancellation)
    {
        await StopPlayingAsync(); // Who follows the captures would be as busy as the controller.
        using var load = new EventLoad(_progress.Time);
        await load.PrepareAsync(cancellation);
        var (before, began) = (await _controller.ScrapeAsync(cancellation), _progress.Time.GetTimestamp());
        var changes = await load.RunAsync(cancellation);
        await Deadline.WaitAsync(async token => (await WaitsSinceAsync(before, token)).Keys >= changes, LongestDelivery, _progress.Time, cancellation);
        var (waits, took) = (await WaitsSinceAsync(before, cancellation), _progress.Time.GetElapsedTime(began));
        _progress.Say($"Events: {changes} changes, of which {waits.Keys} came to a worker within {took.TotalSeconds:0.0} s, {waits.Keys / took.TotalSeconds:0}/s; from queue to worker: {waits}");
    }

    private async Task<QueueWaits> WaitsSinceAsync(IReadOnlyList<(string Name, double Value)> before, CancellationToken cancellation) =>
        QueueWaits.Between(before, await _controller.ScrapeAsync(cancellation));

    public async ValueTask DisposeAsync()
    {
        await StopPlayingAsync();
        _controller.Dispose();
        _api.Dispose();
        _end.Dispose();
        await _plane.DisposeAsync();
    }

    private async Task StopPlayingAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_plays).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<TimeSpan> RestartAsync(CancellationToken cancellation)
    {
        _controller.Dispose(); // SIGKILL, as when its node dies.
        var killed = _progress.Time.GetTimestamp();
        _controller = _start();
        while (!await _controller.ShowsAsync("controller_runtime_reconcile_total", cancellation))
        {
            if (_progress.Time.GetElapsedTime(killed) > LongestStart) throw new LocalClusterException("The controller that was started again reconciles nothing.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), _progress.Time, cancellation);
        }

        var took = _progress.Time.GetElapsedTime(killed);
        _progress.Say($"Killed in mid-load and started again: first reconcile after {took.TotalMilliseconds:0} ms");
        return took;
    }

    private async Task ReachAsync(string what, Func<CancellationToken, Task<bool>> condition, TimeSpan limit, CancellationToken cancellation)
    {
        var said = _progress.Time.GetTimestamp();
        var reached = await Deadline.WaitAsync(
            async token =>
            {
                if (_progress.Time.GetElapsedTime(said) > BetweenNews)
                {
                    _progress.Say($"So far: {Count()}");
                    said = _progress.Time.GetTimestamp();
                }

                if (Array.Find(_plays, play => play.IsFaulted) is { } broken) await broken;
                return await condition(token);
            },
            limit, _progress.Time, cancellation);
        if (!reached)
            throw new LocalClusterException(
                $"Within {limit.TotalSeconds:0} s it did not come so far that {what}: {Count()}. "
                + $"The controller's log ends:\n{Command.Tail(await File.ReadAllTextAsync(_plane.LogOf("controller"), cancellation))}");
    }

    private string Count() => $"{_load.Created.Count} created, {_agents.JobsSeen.Count} Jobs, {_load.Ended.Count} ended";

    private static double Rounded(double value) => Math.Round(value, 2);
}
