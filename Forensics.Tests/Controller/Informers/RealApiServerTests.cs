using System.Collections.Concurrent;
using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Local;
using Forensics.Tests.Fakes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller.Informers;

/// <summary>What the fakes claim about an API server, held against a real one.</summary>
[Category("Cluster")]
internal sealed class RealApiServerTests
{
    private readonly string _namespace = $"informer-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<ResourceKey> _queue = new();
    private Kubernetes _kubernetes = null!;

    [OneTimeSetUp]
    public async Task MakeNamespaceAsync()
    {
        _kubernetes = ClusterConnection.Open();
        await _kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = _namespace } });
    }

    [OneTimeTearDown]
    public async Task DeleteNamespaceAsync()
    {
        await _kubernetes.CoreV1.DeleteNamespaceAsync(_namespace);
        _kubernetes.Dispose();
    }

    [Test]
    public async Task An_informer_sees_what_is_there_what_comes_what_changes_and_what_goes()
    {
        await CreateAsync("there", "mine");
        await CreateAsync("not-ours", "other");
        var informer = new Informer<AgentPod>(
            ResourceTypes.Pods, [Pods("app=mine")], pod => ResourceTypes.Pods.KeyOf(pod), _queue.Enqueue, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await Eventually.EndsAsync(informer.Synced);
        Names(informer).Should().Equal("there");

        await CreateAsync("comes", "mine");
        await Eventually.IsTrueAsync(() => Names(informer).SequenceEqual(["comes", "there"]), "the new pod is in the store");
        await _kubernetes.CoreV1.PatchNamespacedPodAsync(
            new V1Patch("""{"metadata":{"labels":{"app.kubernetes.io/managed-by":"kube-forensics","forensics.keikoproj.io/podcheckpoint-uid":"u"}}}""", V1Patch.PatchType.MergePatch), "there", _namespace);
        await Eventually.IsTrueAsync(() => informer.Get(new(_namespace, "there"))?.Metadata.CheckpointUid == "u", "the change is in the store");
        await _kubernetes.CoreV1.DeleteNamespacedPodAsync("there", _namespace, gracePeriodSeconds: 0);
        await Eventually.IsTrueAsync(() => Names(informer).SequenceEqual(["comes"]), "the deleted pod is gone from the store");

        _queue.Should().Contain(new ResourceKey(_namespace, "comes")).And.NotContain(new ResourceKey(_namespace, "not-ours"));
        informer.Problem.Should().BeNull();
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Test]
    public async Task Bookmarks_take_a_watch_along_where_nothing_happens_and_the_next_one_starts_from_there()
    {
        var log = new RequestLog();
        using var kubernetes = KubernetesConnection.Open(LocalCluster.FromEnvironment().Descriptor.Kubeconfig, "", handlers: log);
        var nobodys = new ListWatch<AgentPod>(
            kubernetes, ResourceTypes.Pods, _namespace, "app=nobodys", TimeProvider.System, shortestWatch: TimeSpan.FromSeconds(5));
        var informer = new Informer<AgentPod>(
            ResourceTypes.Pods, [nobodys], pod => ResourceTypes.Pods.KeyOf(pod), _queue.Enqueue, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await Eventually.EndsAsync(informer.Synced);
        await CreateAsync("somebodys", "other"); // A newer version, of which this watch hears nothing else.
        await Eventually.IsTrueAsync(() => log.Watches.Count() >= 2, "the first watch has ended");

        log.Watches.Select(StartOf).Distinct().Should().HaveCount(2);
        log.Lists.Should().ContainSingle();
        informer.List().Should().BeEmpty();
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Test]
    public async Task A_list_from_a_version_not_reached_yet_is_refused_as_too_large()
    {
        var listing = () => Pods(null).ListAsync("99999999999", CancellationToken.None);

        (await listing.Should().ThrowAsync<ApiStatusException>()).Which.IsTooLarge.Should().BeTrue();
    }

    [Test]
    public async Task A_kind_that_the_server_does_not_know_is_refused_as_not_found()
    {
        var unknown = ResourceTypes.Pods with { Group = "forensics.example", Plural = "nothings" };
        var listing = () => new ListWatch<AgentPod>(_kubernetes, unknown, null, null, TimeProvider.System).ListAsync("0", CancellationToken.None);

        (await listing.Should().ThrowAsync<ApiStatusException>()).Which.Code.Should().Be(404);
    }

    private ListWatch<AgentPod> Pods(string? selector) => new(_kubernetes, ResourceTypes.Pods, _namespace, selector, TimeProvider.System);

    private static string StartOf(string watch) =>
        watch.TrimStart('?').Split('&').Single(part => part.StartsWith("resourceVersion=", StringComparison.Ordinal));

    private static IEnumerable<string> Names(Informer<AgentPod> informer) => informer.List().Select(pod => pod.Metadata.Name).Order();

    // No scheduler of that name: it stays Pending, and costs nothing.
    private Task<V1Pod> CreateAsync(string name, string app) => _kubernetes.CoreV1.CreateNamespacedPodAsync(
        new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["app"] = app } },
            Spec = new V1PodSpec
            {
                SchedulerName = "none",
                AutomountServiceAccountToken = false,
                Containers = [new V1Container { Name = "main", Image = "none" }],
            },
        },
        _namespace);
}
