using System.Text;
using Microsoft.AspNetCore.Http;

namespace Forensics.Tests.Cluster.Faults;

public sealed class ApiCallTests
{
    [TestCase("GET", "/api/v1/nodes/node-1", "", "get nodes")]
    [TestCase("GET", "/api/v1/namespaces/w/pods/agent/log", "", "get pods/log")]
    [TestCase("GET", "/api/v1/namespaces/w/pods", "?resourceVersion=0", "list pods for the cache")]
    [TestCase("GET", "/api/v1/namespaces/w/pods", "?labelSelector=a", "list pods")]
    [TestCase("GET", "/apis/batch/v1/namespaces/w/jobs", "?watch=true&resourceVersion=7", "watch jobs")]
    [TestCase("DELETE", "/apis/batch/v1/namespaces/w/jobs/one", "", "delete jobs")]
    public void A_request_is_named_by_verb_and_resource(string method, string path, string query, string named) =>
        Call(method, path, query, "").ToString().Should().Be(named);

    [TestCase("""{"phase":"Capturing"}""", "Capturing")]
    [TestCase("""{"phase":"Pending","conditions":[{"type":"Waiting","status":"True","reason":"Queued"}]}""", "Pending Queued")]
    [TestCase("""{"phase":"Capturing","conditions":[{"type":"Waiting","status":"False","reason":"Started"}]}""", "Capturing")]
    [TestCase(
        """{"phase":"Failed","conditions":[{"type":"Failed","status":"True","reason":"NotFound"},{"type":"Finished","status":"True","reason":"NotFound"}]}""",
        "Failed NotFound")]
    public void A_status_is_named_by_its_phase_and_by_the_reasons_that_hold(string status, string named) =>
        Call("PUT", "/apis/forensics.keikoproj.io/v1alpha1/namespaces/a/podcheckpoints/one/status", "", $$"""{"status":{{status}}}""")
            .ToString().Should().Be($"update podcheckpoints/status {named}");

    [Test]
    public void An_event_is_named_by_its_reason() =>
        Call("POST", "/api/v1/namespaces/a/events", "", """{"reason":"CaptureStarted"}""").ToString().Should().Be("create events CaptureStarted");

    [TestCase("POST", true)]
    [TestCase("PUT", true)]
    [TestCase("PATCH", true)]
    [TestCase("DELETE", true)]
    [TestCase("GET", false)]
    public void What_changes_the_cluster_is_a_write(string method, bool isWrite) =>
        Call(method, "/apis/batch/v1/namespaces/w/jobs/one", "", "{}").IsWrite.Should().Be(isWrite);

    private static ApiCall Call(string method, string path, string query, string body)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Path, request.QueryString) = (method, path, new QueryString(query));
        return ApiCall.Of(request, Encoding.UTF8.GetBytes(body));
    }
}
