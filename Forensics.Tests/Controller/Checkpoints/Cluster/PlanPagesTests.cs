using System.Net;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Tests.Fakes;
using k8s;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

internal sealed class PlanPagesTests
{
    [Test]
    public async Task Plans_are_listed_in_pages_to_the_last_one()
    {
        using var answers = new ScriptedAnswers();
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, answers);
        answers.Next(HttpStatusCode.OK, """{"metadata":{"resourceVersion":"7","continue":"more"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}""");
        answers.Next(HttpStatusCode.OK, """{"metadata":{"resourceVersion":"7","continue":"still more"},"items":null}""");
        answers.Next(HttpStatusCode.OK, """{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"c"}}]}""");

        var plans = await new KubernetesClusterApi(kubernetes, new CaptureOptions(), new TestClock()).ListPlansAsync(CancellationToken.None).ToListAsync();

        plans.Select(plan => plan.Name).Should().Equal("a", "b", "c");
        answers.Asked.Should().HaveCount(3).And.OnlyContain(url => url.Query.Contains("limit=500", StringComparison.Ordinal));
        answers.Asked.Select(url => url.Query.Contains("continue=", StringComparison.Ordinal)).Should().Equal(false, true, true);
    }
}
