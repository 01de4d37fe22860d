using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using k8s;

namespace Forensics.Controller.Informers;

/// <summary>Where the API server has the objects of one type, and how to ask for them over the client library's HttpClient:
/// configuration, credentials and TLS stay the library's.</summary>
/// <param name="path">Relative to the server, since a cluster may lie below a path of it (https://rancher/k8s/clusters/c-1/).</param>
internal sealed class CollectionEndpoint(Kubernetes kubernetes, string path, string? labelSelector, TimeProvider time)
{
    /// <summary>For an answer to begin, and for the next piece of a list. The library's HttpClient has no timeout of its own.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(100);

    // An object has at most some MiB (etcd takes 1.5 by default). More without an end is no object.
    private const int LongestObject = 32 * 1024 * 1024;

    // A silent watch holds no buffer.
    private static readonly StreamPipeReaderOptions Buffers = new(bufferSize: 64 * 1024, useZeroByteReads: true);

    public static CollectionEndpoint Of<T>(Kubernetes kubernetes, ResourceType<T> type, string? namespaceName, string? labelSelector, TimeProvider time)
    {
        var group = type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";
        var path = namespaceName is null ? $"{group}/{type.Plural}" : $"{group}/namespaces/{namespaceName}/{type.Plural}";
        return new CollectionEndpoint(kubernetes, path, labelSelector, time);
    }

    /// <returns>An answer whose body is still to come.</returns>
    /// <exception cref="ApiStatusException">The API server refused.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time, or the caller has cancelled.</exception>
    public async Task<HttpResponseMessage> GetAsync(string query, CancellationToken cancellationToken)
    {
        var selector = labelSelector is null ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(kubernetes.BaseUri, path + query + selector))
        {
            Version = HttpVersion.Version20, // One connection for all watches, and pings that notice when it is dead.
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.Add(new("application/json"));

        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        if (kubernetes.Credentials is { } credentials) await credentials.ProcessHttpRequestAsync(request, either.Token);
        var response = await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            throw WireJson.ReadStatus(body, (int)response.StatusCode);
        }
    }

    public static async Task<PipeReader> BodyOfAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken), Buffers);

    /// <summary>Keeps what is no object from filling the memory.</summary>
    public static void ExpectAnEnd(in ReadOnlySequence<byte> unread)
    {
        if (unread.Length > LongestObject) throw new InvalidDataException($"The API server sent more than {LongestObject} bytes with no object's end.");
    }
}
