using System.Net;
using Forensics.Controller;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller;

internal sealed class RequestCounterTests
{
    [Test]
    public async Task Requests_are_counted_by_code_method_and_host()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        using var answers = new ScriptedAnswers();
        answers.Next(HttpStatusCode.OK, "{}");
        answers.Next(HttpStatusCode.Conflict, "{}");
        using var client = new HttpClient(new RequestCounter(registry) { InnerHandler = answers });
        var url = new Uri("https://127.96.0.1:6443/api");
        using var got = await client.GetAsync(url);
        using var put = await client.PutAsync(url, content: null);
        await FluentActions.Awaiting(() => client.GetAsync(url)).Should().ThrowAsync<InvalidOperationException>("there is no third answer");

        (await registry.ScrapeAsync()).Should().Contain(
        [
            """rest_client_requests_total{code="200",method="GET",host="127.96.0.1:6443"} 1""",
            """rest_client_requests_total{code="409",method="PUT",host="127.96.0.1:6443"} 1""",
            """rest_client_requests_total{code="<error>",method="GET",host="127.96.0.1:6443"} 1""",
        ]);
    }
}
