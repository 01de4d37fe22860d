using System.Collections.Concurrent;
using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Local;
using Forensics.Tests.Cluster;
using Forensics.Tests.Fakes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller.Informers;

/// <summary>Pages, history that is gone, and a server that is gone or hangs for a while: at a real API server. Events are what is listed and
/// watched, since this server keeps no watch cache of them: what etcd has forgotten, it has forgotten.</summary>
[Category("Cluster")]
[NonParallelizable]
internal sealed class RealHistoryTests
{
    private static readonly ResourceType<AgentPod> Events = ResourceTypes.Pods with { Plural = "events" };

    // The shortest that .NET takes: a server that hangs is noticed in two seconds.
    private static readonly ConnectionPings Pings = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private readonly string _namespace = $"history-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<ResourceKey> _queue = new();
    private RequestLog _log = null!;
    private Kubernetes _kubernetes = null!;

    [OneTimeSetUp]
    public async Task MakeNamespaceAsync()
    {
        using var kubernetes = ClusterConnection.Open();
        await kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = _namespace } });
    }

    [SetUp]
    public async Task MakeEventsAsync()
    {
        _log = new RequestLog();
        _kubernetes = KubernetesConnection.Open(LocalCluster.FromEnvironment().Descriptor.Kubeconfig, "", pings: Pings, handlers: _log);
        foreach (var name in new[] { "a", "b", "c", "d", "e" }) await CreateAsync(name);
        _log.Queries.Clear();
    }

    [TearDown]
    public async Task RemoveEventsAsync()
    {
        _log.Before = _ => Task.CompletedTask;
        await _kubernetes.CoreV1.DeleteCollectionNamespacedEventAsync(_namespace);
        _kubernetes.Dispose();
        _queue.Clear();
    }

    [OneTimeTearDown]
    public async Task DeleteNamespaceAsync()
    {
        using var kubernetes = ClusterConnection.Open();
        await kubernetes.CoreV1.DeleteNamespaceAsync(_namespace);
    }

    [Test]
    public async Task Without_a_watch_cache_any_list_comes_in_pages()
    {
        var list = await Listing(pageSize: 2).ListAsync("0", CancellationToken.None);

        list.Items.Select(item => item.Metadata.Name).Should().Equal("a", "b", "c", "d", "e");
        _log.Lists.Should().HaveCount(3);
    }

    [Test]
    public async Task With_a_watch_cache_a_list_from_any_version_comes_whole_whatever_the_limit()
    {
        var namespaces = new ListWatch<AgentPod>(_kubernetes, ResourceTypes.Pods with { Plural = "namespaces" }, null, null, TimeProvider.System, pageSize: 2);
        var list = await namespaces.ListAsync("0", CancellationToken.None);

        list.Items.Should().HaveCountGreaterThan(2);
        _log.Lists.Should().ContainSingle();
    }

    [Test]
    public async Task Pages_that_expire_under_the_reader_are_followed_by_the_whole_list_at_once()
    {
        _log.Before = async query =>
        {
            if (!query.Contains("continue=", StringComparison.Ordinal)) return;
            _log.Before = _ => Task.CompletedTask;
            await CreateAsync("f");
            await Etcd.CompactAsync();
        };
        var list = await Listing(pageSize: 2).ListAsync("", CancellationToken.None);

        list.Items.Select(item => item.Metadata.Name).Should().Equal("a", "b", "c", "d", "e", "f");
        _log.Lists.Last().Should().Be("?resourceVersion=");
    }

    [Test]
    public async Task An_informer_whose_history_is_gone_lists_again_and_knows_what_vanished()
    {
        _log.Before = async query =>
        {
            if (!query.Contains("watch=true", StringComparison.Ordinal)) return;
            _log.Before = _ => Task.CompletedTask;
            await _kubernetes.CoreV1.DeleteNamespacedEventAsync("a", _namespace);
            await CreateAsync("f");
            await Etcd.CompactAsync();
        };
        await RunAsync(Listing(), async informer =>
        {
            await Eventually.IsTrueAsync(() => informer.Get(new(_namespace, "f")) is not null, "what came is in the store");
            informer.Get(new(_namespace, "a")).Should().BeNull();
            _queue.Count(key => key.Name == "a").Should().Be(2, "it was there, and vanished");
            _log.Lists.Should().HaveCount(2);
        });
    }

    [Test]
    public async Task Watches_that_the_server_ends_in_time_are_followed_by_others_with_no_list()
    {
        await RunAsync(Listing(shortestWatch: TimeSpan.FromSeconds(2)), async informer =>
        {
            await Eventually.IsTrueAsync(() => _log.Watches.Count() >= 3, "two watches have ended");
            informer.Problem.Should().BeNull();
            _log.Lists.Should().ContainSingle();
        });
    }

    // Whether it asks for the watch or for a list meanwhile is chance: the line may be cut in the middle of a request.
    [Test]
    public async Task A_server_that_is_killed_is_asked_until_it_is_back_and_what_was_known_stays_known()
    {
        var server = LocalCluster.FromEnvironment().ControlPlane.ApiServer;
        await RunAsync(Listing(), async informer =>
        {
            try
            {
                await server.KillAsync(CancellationToken.None);
                await Eventually.IsTrueAsync(() => informer.Problem?.Contains("refused", StringComparison.Ordinal) == true, "it is refused");
                var asked = _log.Queries.Count;
                await Eventually.IsTrueAsync(() => _log.Queries.Count > asked, "it asks again");
                informer.List().Should().HaveCount(5);
            }
            finally
            {
                await server.StartAsync(CancellationToken.None);
            }

            await CreateAsync("f");
            await Eventually.IsTrueAsync(() => informer.Get(new(_namespace, "f")) is not null, "it goes on", RealCluster.Patience);
            informer.Problem.Should().BeNull();
        });
    }

    [Test]
    public async Task A_server_that_hangs_is_noticed_by_its_unanswered_pings_and_what_was_known_stays_known()
    {
        var server = LocalCluster.FromEnvironment().ControlPlane.ApiServer;
        await RunAsync(Listing(), async informer =>
        {
            await Eventually.IsTrueAsync(() => _log.Watches.Any(), "it watches");
            try
            {
                await server.PauseAsync();
                await Eventually.IsTrueAsync(() => informer.Problem is not null, "it is noticed");
                informer.List().Should().HaveCount(5);
            }
            finally
            {
                await server.ResumeAsync();
            }

            await CreateAsync("f");
            await Eventually.IsTrueAsync(() => informer.Get(new(_namespace, "f")) is not null, "it goes on", RealCluster.Patience);
            informer.Problem.Should().BeNull();
            _log.Lists.Should().ContainSingle("nothing was missed that a watch would not bring");
        });
    }

    private async Task RunAsync(ListWatch<AgentPod> listing, Func<Informer<AgentPod>, Task> test)
    {
        var informer = new Informer<AgentPod>(Events, [listing], e => e.Metadata.Key, _queue.Enqueue, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await Eventually.EndsAsync(informer.Synced);
        await test(informer);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private ListWatch<AgentPod> Listing(int pageSize = 500, TimeSpan? shortestWatch = null) =>
        new(_kubernetes, Events, _namespace, null, TimeProvider.System, pageSize, shortestWatch);

    private Task<Corev1Event> CreateAsync(string name) => _kubernetes.CoreV1.CreateNamespacedEventAsync(
        new Corev1Event
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = _namespace },
            InvolvedObject = new V1ObjectReference { Kind = "Pod", Name = name, NamespaceProperty = _namespace },
            Reason = "Tested",
            Message = "Made by a test.",
            Type = "Normal",
        },
        _namespace);
}
