using System.Text.Json.Nodes;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy;

/// <summary>The folders that people apply, as <c>kubectl kustomize</c> renders them.</summary>
internal static class Overlay
{
    public const string Local = "overlays/local";

    public static IEnumerable<string> All =>
        ["base", .. Directory.GetDirectories(Manifests.PathOf("overlays")).Select(folder => $"overlays/{Path.GetFileName(folder)}").Order()];

    public static IEnumerable<string> AllButLocal => All.Where(overlay => overlay != Local);

    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string overlay) =>
        Yaml.ReadAll(await RealCluster.KubectlAsync("kustomize", Manifests.PathOf(overlay)));

    public static JsonObject Controller(this IEnumerable<JsonObject> manifests) =>
        manifests.Only("Deployment", "forensics-controller-manager")["spec"]!["template"]!.AsObject();

    public static JsonObject Agent(this IEnumerable<JsonObject> manifests) =>
        manifests.Only("PodTemplate", "forensics-agent")["template"]!.AsObject();
}
