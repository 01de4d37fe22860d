using System.Net;
using System.Text;

namespace Forensics.Tests.Bench.Decode;

/// <summary>Answers every request with the same watch, from memory: of agents that work ten at a time, with ten events of each.</summary>
internal sealed class CannedWatch : DelegatingHandler
{
    /// <summary>Bytes of one pod.</summary>
    public const int PodBytes = 9600;

    public const int Events = 1000;

    // As many agents work at once by default, and some ten events tell of each.
    private const int AtOnce = 10;
    private const string Uid = "bcbbc75c-5f6c-464c-b5a5-4f7035a985e4";
    private const string CheckpointUid = "5f3f9d4e-7f57-44a8-9c3a-1f6f1c0e9b2d";

    private static readonly string Event = MakeEvent();
    private static readonly byte[] Stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Events).Select(EventOf)));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new MemoryStream(Stream)) };
        answer.Content.Headers.ContentType = new("application/json");
        return Task.FromResult(answer);
    }

    // An agent's pod as a real API server (1.20) has it after its end; made as big as pods are in clusters with more webhooks.
    private static string EventOf(int number)
    {
        var pod = (number / 10 / AtOnce * AtOnce) + (number % AtOnce);
        return Event.Replace(Uid, $"{pod:x8}{Uid[8..]}", StringComparison.Ordinal)
            .Replace(CheckpointUid, $"{pod:x8}{CheckpointUid[8..]}", StringComparison.Ordinal)
            .Replace("\"resourceVersion\":\"409\"", $"\"resourceVersion\":\"{100 + number}\"", StringComparison.Ordinal);
    }

    private static string MakeEvent()
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
