using System.Net;
using System.Text;

namespace Forensics.Tests.Fakes;

/// <summary>Answers a client's requests one after another, with no server behind it.</summary>
internal sealed class ScriptedAnswers : DelegatingHandler
{
    private readonly Queue<HttpResponseMessage> _next = new();
    private readonly List<Uri> _asked = [];

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<Uri> Asked => _asked;

    public void Next(HttpStatusCode code, string json, int? retryAfterSeconds = null)
    {
        var answer = new HttpResponseMessage(code) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (retryAfterSeconds is { } seconds) answer.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        _next.Enqueue(answer);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _asked.Add(request.RequestUri!);
        var answer = _next.Dequeue();
        answer.RequestMessage = request;
        return Task.FromResult(answer);
    }
}
