using System.Net;
using System.Text;

namespace Forensics.Tests.Bench.Decode;

/// <summary>Answers every request with the same watch, from memory.</summary>
internal sealed class CannedWatch : DelegatingHandler
{
    /// <summary>Bytes of one pod.</summary>
    public const int PodBytes = 9600;

    public const int Events = 1000;

    private static readonly byte[] Stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Event(), Events)));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new MemoryStream(Stream)) };
        answer.Content.Headers.ContentType = new("application/json");
        return Task.FromResult(answer);
    }

    // An agent's pod as a real API server (1.20) has it after its end; made as big as pods are in clusters with more webhooks.
    private static string Event()
    {
        using var recorded = new StreamReader(typeof(CannedWatch).Assembly.GetManifestResourceStream("agent-pod.json")!);
        var pod = recorded.ReadToEnd().Trim();
        const string Annotations = "\"annotations\":{";
        const string Padding = "\"example.com/injected\":\"\",";
        var padding = Padding.Insert(Padding.Length - 2, new string('x', PodBytes - Encoding.UTF8.GetByteCount(pod) - Padding.Length));
        var padded = pod.Insert(pod.IndexOf(Annotations, StringComparison.Ordinal) + Annotations.Length, padding);
        return $$"""{"type":"MODIFIED","object":{{padded}}}""" + "\n";
    }
}
