using System.Collections.Concurrent;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Tests.Fakes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller.Informers;

/// <summary>An informer of pods against a scripted API server, with a clock that stands still.</summary>
internal abstract class InformerFixture
{
    private CancellationTokenSource _stop = null!;
    private Task _running = null!;

    protected ConcurrentQueue<ResourceKey> Queue { get; private set; } = null!;
    protected TestClock Clock { get; private set; } = null!;
    protected ScriptedApiServer Server { get; private set; } = null!;
    protected Kubernetes Kubernetes { get; private set; } = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        _stop = new CancellationTokenSource();
        Queue = [];
        Clock = new TestClock();
        Server = await ScriptedApiServer.StartAsync();
        Kubernetes = await ConnectAsync();
        _running = Task.CompletedTask;
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kubernetes.Dispose();
        await Server.DisposeAsync();
        _stop.Dispose();
    }

    protected virtual Task<Kubernetes> ConnectAsync() => Task.FromResult(Server.Connect());

    protected Informer<AgentPod> Make(params string[] namespaces) => Make(namespaces, null, default);

    protected Informer<AgentPod> Make(Action<ResourceKey>? enqueue = null, TimeSpan resyncPeriod = default, IComparer<AgentPod>? order = null) =>
        Make(["ns"], enqueue, resyncPeriod, order);

    protected Informer<AgentPod> Make(
        IEnumerable<string> namespaces, Action<ResourceKey>? enqueue, TimeSpan resyncPeriod, IComparer<AgentPod>? order = null) => new(
        ResourceTypes.Pods,
        [.. namespaces.Select(name => new ListWatch<AgentPod>(Kubernetes, ResourceTypes.Pods, name, "a=b,c", Clock))],
        pod => pod.Metadata.Checkpoint,
        enqueue ?? Queue.Enqueue,
        Clock,
        NullLogger.Instance,
        pod => pod.Metadata.CheckpointUid,
        resyncPeriod,
        order);

    protected void Run(IInformer informer) => _running = informer.RunAsync(_stop.Token);

    protected async Task<Informer<AgentPod>> RunSyncedAsync(Informer<AgentPod>? informer = null)
    {
        informer ??= Make();
        Run(informer);
        await Eventually.EndsAsync(informer.Synced);
        return informer;
    }

    protected Task RequestsAsync(int count) =>
        Eventually.IsTrueAsync(() => Server.Requests.Count >= count, $"{count} requests were made");

    protected Task KeysAsync(int count) => Eventually.IsTrueAsync(() => Queue.Count >= count, $"{count} keys were queued");
}
