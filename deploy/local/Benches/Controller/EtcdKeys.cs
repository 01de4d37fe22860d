using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>The keys and values below the API server, by etcd's gateway for JSON.</summary>
internal sealed class EtcdKeys : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(LoopbackNetwork.EtcdUrl) };

    /// <exception cref="LocalClusterException">There is no such key.</exception>
    public async Task<string> GetAsync(string key, CancellationToken cancellation)
    {
        var answer = await SendAsync("/v3/kv/range", new JsonObject { ["key"] = Encoded(key) }, cancellation);
        var value = answer["kvs"]?[0]?["value"]?.GetValue<string>() ?? throw new LocalClusterException($"etcd has no key {key}.");
        return Encoding.UTF8.GetString(Convert.FromBase64String(value));
    }

    public Task PutAsync(string key, string value, CancellationToken cancellation) =>
        SendAsync("/v3/kv/put", new JsonObject { ["key"] = Encoded(key), ["value"] = Encoded(value) }, cancellation);

    public void Dispose() => _client.Dispose();

    private async Task<JsonObject> SendAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        using var answer = await _client.PostAsJsonAsync(path, body, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new LocalClusterException($"etcd refused {path}: {(int)answer.StatusCode} {text}");
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
