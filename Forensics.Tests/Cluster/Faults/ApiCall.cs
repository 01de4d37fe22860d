using System.Text.Json;
using Forensics.Api;
using Microsoft.AspNetCore.Http;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A request to the API server in its own words.</summary>
/// <param name="Verb">create, update, delete, get, list or watch.</param>
/// <param name="Resource">With its subresource: <c>jobs</c>, <c>podcheckpoints/status</c>.</param>
/// <param name="Detail">What tells requests of the same verb and resource apart: the phase that a status says and why, an event's
/// reason, whether a list is made for a cache.</param>
internal sealed record ApiCall(string Verb, string Resource, string Detail)
{
    private const string ForCache = "for the cache";

    public bool FillsCache => Detail == ForCache;

    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete";

    public static ApiCall Of(HttpRequest request, byte[] body)
    {
        // /api/v1/… or /apis/GROUP/VERSION/…, then namespaces/NAME/ or not, then RESOURCE[/NAME[/SUBRESOURCE]].
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = parts.AsSpan(parts[0] == "api" ? 2 : 3);
        if (rest is ["namespaces", _, _, ..]) rest = rest[2..];
        var resource = rest.Length > 2 ? $"{rest[0]}/{rest[2]}" : rest[0];
        var isOne = rest.Length > 1;
        var verb = VerbOf(request, isOne);
        return new ApiCall(verb, resource, resource switch
        {
            _ when verb == "list" => request.Query.ContainsKey("resourceVersion") ? ForCache : "",
            "podcheckpoints/status" when body.Length > 0 => Says(JsonSerializer.Deserialize(body, ApiJson.Whole<PodCheckpoint>())!.Status!),
            "events" when request.Method == "POST" => ReasonOf(body),
            _ => "",
        });
    }

    public override string ToString() => Detail.Length == 0 ? $"{Verb} {Resource}" : $"{Verb} {Resource} {Detail}";

    private static string VerbOf(HttpRequest request, bool isOne) => request.Method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ when isOne => "get",
        _ when request.Query["watch"] == "true" => "watch",
        _ => "list",
    };

    // Conditions that are no more are no news.
    private static string Says(PodCheckpointStatus status) =>
        string.Join(' ', status.Conditions.Where(condition => condition.Status == "True").Select(condition => condition.Reason).Distinct().Prepend($"{status.Phase}"));

    private static string ReasonOf(byte[] told)
    {
        using var document = JsonDocument.Parse(told);
        return document.RootElement.GetProperty("reason").GetString()!;
    }
}
