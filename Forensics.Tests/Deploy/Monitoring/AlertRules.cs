using System.Text.Json.Nodes;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>The alerts and panels of the component monitoring, as they are in the checkout.</summary>
internal static class AlertRules
{
    public const string Folder = "components/monitoring";

    public static JsonObject Manifest { get; } = Manifests.Read($"{Folder}/prometheus-rule.yaml").Single();

    public static IReadOnlyList<JsonObject> All { get; } =
        [.. Manifest["spec"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    public static IReadOnlyList<JsonObject> Panels { get; } =
        [.. JsonNode.Parse(Manifests.Text($"{Folder}/dashboard.json"))!["panels"]!.AsArray().Select(panel => panel!.AsObject())];

    /// <summary>What rules and panels ask Prometheus for, with Grafana's variables replaced as Grafana would.</summary>
    public static IEnumerable<string> Expressions =>
    [
        .. All.Select(rule => rule["expr"]!.GetValue<string>()),
        .. Panels.SelectMany(panel => panel["targets"]?.AsArray() ?? []).Select(target => target!["expr"]!.GetValue<string>()
            .Replace("$job", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "2m", StringComparison.Ordinal)),
    ];

    public static string Name(this JsonObject rule) => rule["alert"]!.GetValue<string>();
}
