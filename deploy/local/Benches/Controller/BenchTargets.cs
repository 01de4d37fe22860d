using System.Globalization;
using System.Text.Json.Nodes;

namespace Forensics.Local;

/// <summary>Nodes without kubelets, and for each a namespace with a pod that claims to run there: what PodCheckpoints are made of. One
/// namespace for all would be about something else: an API server without a watch cache of events reads all of a namespace's to
/// find those of one pod.</summary>
internal sealed class BenchTargets(BenchApi api)
{
    public const int Nodes = 50;

    private const string Pod = "bad-pod";
    private const string Group = "/apis/forensics.keikoproj.io/v1alpha1";

    /// <summary>All of them.</summary>
    public const string PodCheckpoints = $"{Group}/podcheckpoints";

    public async Task MakeAsync(CancellationToken cancellation)
    {
        await AccountAsync("forensics-workers", "forensics-agent", cancellation);
        for (var i = 0; i < Nodes; i++) await api.CreateAsync("/api/v1/namespaces", Named(NamespaceOf(i)), cancellation);
        for (var i = 0; i < Nodes; i++) await MakeAsync(i, cancellation);
    }

    /// <summary>Applies one, as a person would.</summary>
    /// <returns>Its UID.</returns>
    public async Task<string> CaptureAsync(int number, CancellationToken cancellation)
    {
        var checkpoint = Named($"case-{number}");
        checkpoint["apiVersion"] = "forensics.keikoproj.io/v1alpha1";
        checkpoint["kind"] = "PodCheckpoint";
        checkpoint["spec"] = new JsonObject { ["destination"] = "s3://bench-bucket", ["pod"] = Pod };
        return (await api.CreateAsync(In(number), checkpoint, cancellation))["metadata"]!["uid"]!.GetValue<string>();
    }

    private async Task MakeAsync(int number, CancellationToken cancellation)
    {
        var node = $"node-{number}";
        await api.CreateAsync("/api/v1/nodes", Named(node), cancellation);
        await api.PatchAsync($"/api/v1/nodes/{node}/status", Status(new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "BenchSays" }),
        }), cancellation);

        await AccountAsync(NamespaceOf(number), "default", cancellation);
        var pods = $"/api/v1/namespaces/{NamespaceOf(number)}/pods";
        var pod = Named(Pod);
        pod["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["automountServiceAccountToken"] = false,
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "shop:1" }, new JsonObject { ["name"] = "side", ["image"] = "side:1" }),
        };
        await api.CreateAsync(pods, pod, cancellation);
        await api.PatchAsync($"{pods}/{Pod}/status", Status(new JsonObject
        {
            ["phase"] = "Running",
            ["containerStatuses"] = new JsonArray(Running("app", number * 2), Running("side", (number * 2) + 1)),
        }), cancellation);
    }

    // The controller manager makes a namespace's accounts a moment after it, and no pod is admitted before.
    private async Task AccountAsync(string ns, string name, CancellationToken cancellation)
    {
        var made = await Deadline.WaitAsync(
            async token => (await api.GetAsync($"/api/v1/namespaces/{ns}/serviceaccounts", token))["items"]!.AsArray()
                .Any(account => account!["metadata"]!["name"]!.GetValue<string>() == name),
            TimeSpan.FromSeconds(30), TimeProvider.System, cancellation);
        if (!made) throw new LocalClusterException($"The controller manager has not made the ServiceAccount {ns}/{name}.");
    }

    private static string NamespaceOf(int number) => $"bench-{number % Nodes}";

    private static string In(int number) => $"{Group}/namespaces/{NamespaceOf(number)}/podcheckpoints";

    private static JsonObject Running(string name, int number) => new()
    {
        ["name"] = name,
        ["containerID"] = "docker://" + number.ToString("x64", CultureInfo.InvariantCulture),
        ["image"] = "shop:1",
        ["imageID"] = "sha256:1",
        ["ready"] = true,
        ["restartCount"] = 0,
        ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = "2026-01-01T00:00:00Z" } },
    };

    public static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    public static JsonObject Status(JsonObject status) => new() { ["status"] = status };
}
