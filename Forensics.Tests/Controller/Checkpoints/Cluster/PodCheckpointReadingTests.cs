using System.Net;
using Forensics.Api;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Informers;
using Forensics.Tests.Fakes;
using k8s;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

/// <summary>What is read live is read as the cache reads it, whoever wrote it.</summary>
internal sealed class PodCheckpointReadingTests
{
    [TestCase("""{"startTime":"2020-01-01T00:00:00Z","completionTime":"2020-01-01T00:01:00Z","succeeded":1}""", true)]
    [TestCase("""{"startTime":"2020-01-01T00:00:00Z","active":1}""", false)]
    [TestCase("""{"phase":"Hibernating","observedGeneration":1}""", false)]
    [TestCase("{}", false)]
    public async Task A_status_with_less_in_it_than_ours_can_be_judged(string status, bool isFinal)
    {
        using var answers = new ScriptedAnswers();
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, answers);
        answers.Next(HttpStatusCode.OK, $$"""{"metadata":{"namespace":"cases","name":"old","uid":"1"},"spec":{"pod":"bad-pod"},"status":{{status}}}""");

        var read = await new KubernetesClusterApi(kubernetes, new CaptureOptions(), new TestClock())
            .GetPodCheckpointAsync(new ResourceKey("cases", "old"), CancellationToken.None);

        read!.Spec.Pod.Should().Be("bad-pod");
        read.Status!.Conditions.Should().BeEmpty();
        read.Status.Containers.Should().BeEmpty();
        read.Status.Phase.Should().Be(Phase.Pending);
        Observation.IsFinal(read).Should().Be(isFinal);
    }
}
