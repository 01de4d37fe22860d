using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>The one-machine cluster's etcd, by its HTTP gateway.</summary>
internal static class Etcd
{
    /// <summary>Forgets all history up to now, as the API server lets it do every five minutes: whoever reads or watches from an
    /// earlier version, past the API server's caches, is told 410.</summary>
    public static async Task CompactAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(LoopbackNetwork.EtcdUrl) };
        var now = await PostAsync(http, "v3/kv/range", new { key = "AA==" });
        await PostAsync(http, "v3/kv/compaction", new { revision = now["header"]!["revision"]!.GetValue<string>(), physical = true });
    }

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new HttpRequestException($"etcd answered {answer.StatusCode}: {text}");
    }
}
