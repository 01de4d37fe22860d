using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>A key and its value, both in base64.</summary>
internal sealed record EtcdPair(string Key, string Value);

/// <summary>What is stored below the API server, by etcd's gateway for JSON.</summary>
internal sealed class EtcdKeys : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(LoopbackNetwork.EtcdUrl) };

    /// <param name="folder">Ends in a slash.</param>
    public async Task<IReadOnlyList<EtcdPair>> ListAsync(string folder, CancellationToken cancellation)
    {
        // Up to where a 0 would stand in the place of the slash: the character behind it.
        var answer = await SendAsync("/v3/kv/range", new JsonObject { ["key"] = Encoded(folder), ["range_end"] = Encoded(folder[..^1] + '0') }, cancellation);
        return [.. (answer["kvs"]?.AsArray() ?? []).Select(pair => new EtcdPair(pair!["key"]!.GetValue<string>(), pair["value"]!.GetValue<string>()))];
    }

    public Task PutAsync(EtcdPair pair, CancellationToken cancellation) =>
        SendAsync("/v3/kv/put", new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value }, cancellation);

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
