using System.Net;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Tests.Fakes;
using k8s;
using k8s.Autorest;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

/// <summary>What a conflict means on a delete that names a UID.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeletionTests : IDisposable
{
    private readonly ScriptedAnswers _answers = new();
    private readonly Kubernetes _kubernetes;

    public DeletionTests()
    {
        _kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, _answers);
        _answers.Next(HttpStatusCode.Conflict, ApiJsonText.Status(409, "Conflict"));
    }

    private static IEnumerable<TestCaseData> Deletions()
    {
        yield return new TestCaseData((IClusterApi api) => api.DeletePlanAsync("one", "uid-1", CancellationToken.None)).SetArgDisplayNames("plan");
        yield return new TestCaseData((IClusterApi api) => api.DeleteJobAsync("one", "uid-1", CancellationToken.None)).SetArgDisplayNames("Job");
        var checkpoint = new PodCheckpoint { Metadata = new ResourceMeta { Namespace = "cases", Name = "one", Uid = "uid-1", ResourceVersion = "7" } };
        yield return new TestCaseData((IClusterApi api) => api.DeletePodCheckpointAsync(checkpoint, CancellationToken.None)).SetArgDisplayNames("PodCheckpoint");
    }

    [TestCaseSource(nameof(Deletions))]
    public async Task That_another_object_has_the_name_now_is_success(Func<IClusterApi, Task> delete)
    {
        _answers.Next(HttpStatusCode.OK, """{"metadata":{"name":"one","uid":"uid-2"}}""");

        await delete.Awaiting(d => d(Api)).Should().NotThrowAsync();
    }

    [TestCaseSource(nameof(Deletions))]
    public async Task That_the_very_object_is_still_there_is_not(Func<IClusterApi, Task> delete)
    {
        _answers.Next(HttpStatusCode.OK, """{"metadata":{"name":"one","uid":"uid-1"}}""");

        (await delete.Awaiting(d => d(Api)).Should().ThrowAsync<HttpOperationException>()).Which.Response.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    public void Dispose()
    {
        _kubernetes.Dispose();
        _answers.Dispose();
    }

    private KubernetesClusterApi Api => new(_kubernetes, new CaptureOptions(), new TestClock());
}
