using System.Text.Json.Nodes;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>The alerts of the component monitoring, as they are in the checkout.</summary>
internal static class AlertRules
{
    public const string Folder = "components/monitoring";

    public static JsonObject Manifest { get; } = Manifests.Read($"{Folder}/prometheus-rule.yaml").Single();

    public static IReadOnlyList<JsonObject> All { get; } =
        [.. Manifest["spec"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    public static string Name(this JsonObject rule) => rule["alert"]!.GetValue<string>();
}
