using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Forensics.Controller.Informers.Decoding;
using k8s;

namespace Forensics.Controller.Informers;

/// <summary>List and watch over the client library's HttpClient. Configuration, credentials and TLS stay the library's; the
/// wire and its traps are all in this file and in <see cref="WireJson"/>, which reads what came over it.</summary>
internal sealed class ListWatch<T>(
    Kubernetes kubernetes,
    ResourceType<T> type,
    string? namespaceName,
    string? labelSelector,
    TimeProvider time) : IListWatch<T>
{
    // The server is asked to end every watch after a random 5 to 10 minutes, so that watches spread over replicas again after
    // one was restarted. If it does not, its end of the connection is dead: the client's own deadline, a little later, ends it.
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    // For a list to be there, and for a watch to begin. The library's HttpClient has no timeout of its own.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    // An object has at most some MiB (etcd takes 1.5 by default). More without a line's end is no watch stream.
    private const int LongestLine = 32 * 1024 * 1024;

    private readonly SharedStrings _shared = new();

    public string? Namespace => namespaceName;

    public string Description => namespaceName is null ? $"{type}" : $"{type} in namespace {namespaceName}";

    public async Task<ResourceList<T>> ListAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        // The whole answer is read here, so that its timeout covers all of it.
        using var response = await SendAsync($"?resourceVersion={resourceVersion}", HttpCompletionOption.ResponseContentRead, cancellationToken);
        return WireJson.ReadList(await response.Content.ReadAsByteArrayAsync(cancellationToken), type, _shared);
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var timeout = ShortestWatch * (1 + Jitter.Next());
        using var deadline = new CancellationTokenSource(timeout + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);

        var query = $"?watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}&timeoutSeconds={(int)timeout.TotalSeconds}";
        using var response = await SendAsync(query, HttpCompletionOption.ResponseHeadersRead, either.Token);
        var lines = PipeReader.Create(await response.Content.ReadAsStreamAsync(either.Token));

        try
        {
            while (await ReadAsync(lines, deadline.Token, either.Token) is { } read)
            {
                var buffer = read.Buffer;
                while (TryTakeLine(ref buffer, out var line)) yield return WireJson.ReadEvent(line, type, _shared);
                if (read.IsCompleted)
                {
                    if (!buffer.IsEmpty) throw new EndOfStreamException("The watch stream was cut off in the middle of an event.");
                    yield break;
                }

                if (buffer.Length > LongestLine) throw new InvalidDataException($"A line of the watch stream is longer than {LongestLine} bytes.");
                lines.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    // Null when the client's own deadline has passed: a silent watch ends like one that the server ended.
    private static async Task<ReadResult?> ReadAsync(PipeReader lines, CancellationToken deadline, CancellationToken either)
    {
        try
        {
            return await lines.ReadAsync(either);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(string query, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var selector = labelSelector is null ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(kubernetes.BaseUri, Path + query + selector))
        {
            Version = HttpVersion.Version20, // One connection for all watches, and pings that notice when it is dead.
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.Add(new("application/json"));

        using var timeout = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        if (kubernetes.Credentials is { } credentials) await credentials.ProcessHttpRequestAsync(request, either.Token);
        var response = await kubernetes.HttpClient.SendAsync(request, completion, either.Token);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            throw WireJson.ReadStatus(body, (int)response.StatusCode);
        }
    }

    // Relative, since a cluster may lie below a path of its server (https://rancher/k8s/clusters/c-1/).
    private string Path
    {
        get
        {
            var group = type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";
            return namespaceName is null ? $"{group}/{type.Plural}" : $"{group}/namespaces/{namespaceName}/{type.Plural}";
        }
    }
}
