using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>The API as a bench needs it: JSON in, JSON out, with administrator's rights.</summary>
internal sealed class BenchApi : IDisposable
{
    private readonly HttpClient _client;

    public BenchApi(KubernetesFiles files)
    {
        var authority = files.Authority;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(authority.CertificateFile));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificates = [X509Certificate2.CreateFromPemFile(authority.CertificateOf("admin"), authority.KeyOf("admin"))],
            },
        };
        _client = new HttpClient(handler)
        {
            BaseAddress = new Uri(LoopbackNetwork.ApiServerUrl),
            DefaultRequestVersion = HttpVersion.Version20,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, "", cancellation);

    public Task<JsonObject> CreateAsync(string path, JsonObject body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, "application/json", cancellation);

    public Task<JsonObject> PatchAsync(string path, JsonObject body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json", cancellation);

    /// <summary>Events of a collection from now on, as <c>{"type":…,"object":…}</c>, until cancelled.</summary>
    public async IAsyncEnumerable<JsonObject> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var from = (await GetAsync(path + "?limit=1", cancellation))["metadata"]!["resourceVersion"]!.GetValue<string>();
        while (!cancellation.IsCancellationRequested)
        {
            using var answer = await _client.GetAsync(
                new Uri($"{path}?watch=true&resourceVersion={from}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
            answer.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
            while (await lines.ReadLineAsync(cancellation) is { } line)
            {
                var change = JsonNode.Parse(line)!.AsObject();
                from = change["object"]!["metadata"]?["resourceVersion"]?.GetValue<string>()
                    ?? throw new LocalClusterException($"The watch of {path} ended: {line}");
                yield return change;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, string type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Version = HttpVersion.Version20 };
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        using var answer = await _client.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new LocalClusterException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }
}
