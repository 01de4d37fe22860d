using Forensics.Api;
using Forensics.Controller;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Forensics.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller;

internal sealed class CachesTests
{
    private const string Owned = """
        {"metadata":{"name":"x","namespace":"forensics-workers","resourceVersion":"3",
          "labels":{"app.kubernetes.io/managed-by":"kube-forensics","forensics.keikoproj.io/podcheckpoint-uid":"uid-1"},
          "annotations":{"forensics.keikoproj.io/podcheckpoint-namespace":"cases","forensics.keikoproj.io/podcheckpoint-name":"one"}}}
        """;

    private const string NotOurs = """{"metadata":{"name":"y","namespace":"forensics-workers","resourceVersion":"4"}}""";
    private const string Checkpoint = """{"metadata":{"name":"two","namespace":"b","resourceVersion":"5","uid":"uid-2"},"spec":{"destination":"s3://cases","pod":"p"}}""";

    private const string TakenBack = """{"metadata":{"name":"three","namespace":"b","resourceVersion":"6","uid":"uid-3","deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{}}""";

    private const string Ended = """
        {"metadata":{"name":"four","namespace":"b","resourceVersion":"7","uid":"uid-4"},"spec":{"destination":"s3://cases","pod":"p"},
          "status":{"phase":"Complete","message":"All is stored."}}
        """;

    [Test]
    public async Task Every_event_leads_to_a_PodCheckpoint_and_Jobs_and_pods_are_found_by_its_UID()
    {
        await using var server = await ScriptedApiServer.StartAsync();
        server.Lists["/apis/batch/v1/namespaces/forensics-workers/jobs"] = ApiJsonText.List("9", Owned, NotOurs);
        server.Lists["/api/v1/namespaces/forensics-workers/pods"] = ApiJsonText.List("9", Owned);
        server.Lists["/apis/forensics.keikoproj.io/v1alpha1/namespaces/b/podcheckpoints"] = ApiJsonText.List("9", Checkpoint, TakenBack, Ended);
        using var kubernetes = server.Connect();
        var registry = Prometheus.Metrics.NewCustomRegistry();
        using var queue = new RateLimitingQueue("test", TestMetrics.Create(), TimeProvider.System);
        var gate = new QueueGate(queue);
        gate.Open();
        var caches = new Caches(
            kubernetes, new ControllerOptions { WatchNamespaces = ["a", "b"] }, gate, new ReflectorMetrics(registry), TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var running = caches.All.Select(informer => informer.RunAsync(stop.Token)).ToList();
        await Eventually.EndsAsync(Task.WhenAll(caches.All.Select(informer => informer.Synced)));
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        caches.Jobs.Indexed("uid-1").Should().ContainSingle();
        caches.AgentPods.Indexed("uid-1").Should().ContainSingle();
        caches.PodCheckpoints.Get(new("b", "two"))!.Spec.Pod.Should().Be("p");
        caches.PodCheckpoints.Get(new("b", "four"))!.Status.Should().BeEquivalentTo(new { Phase = Phase.Complete, Message = (string?)null }, "it has ended, and little is asked of it");
        ResourceKey?[] queued = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => queue.GetAsync(CancellationToken.None).AsTask()))];
        queued.Should().BeEquivalentTo([new ResourceKey("cases", "one"), new ResourceKey("b", "three"), new ResourceKey("b", "two"), new ResourceKey("b", "four")]);
        queued.TakeLast(2).Should().BeEquivalentTo([new ResourceKey("b", "two"), new ResourceKey("b", "four")], "what is still to begin waits behind what goes on and what is taken back");
        server.Requests.Where(r => r.Path.Contains("workers", StringComparison.Ordinal))
            .Should().OnlyContain(r => r.Query["labelSelector"] == "app.kubernetes.io/managed-by=kube-forensics");
        server.Requests.Where(r => r.Path.Contains("podcheckpoints", StringComparison.Ordinal)).Select(r => r.Path).Distinct().Should().HaveCount(2);
    }
}
