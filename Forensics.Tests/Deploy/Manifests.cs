using System.Text.Json.Nodes;
using Forensics.Local;

namespace Forensics.Tests.Deploy;

/// <summary>The files below deploy/ as they are in the checkout.</summary>
internal static class Manifests
{
    public static string PathOf(string relative) => Path.Combine(RepositoryRoot.Find(), "deploy", relative);

    public static string Text(string relative) => File.ReadAllText(PathOf(relative));

    public static IReadOnlyList<JsonObject> Read(string relative) => Yaml.ReadAll(Text(relative));

    public static string Kind(this JsonObject manifest) => manifest["kind"]!.GetValue<string>();

    public static string Name(this JsonObject manifest) => manifest["metadata"]!["name"]!.GetValue<string>();

    public static JsonObject Only(this IEnumerable<JsonObject> manifests, string kind, string name) =>
        manifests.Single(manifest => manifest.Kind() == kind && manifest.Name() == name);

    /// <summary>Several manifests as one object, for <c>kubectl apply -f -</c>.</summary>
    public static string AsList(this IEnumerable<JsonObject> manifests) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. manifests.Select(manifest => manifest.DeepClone())]),
    }.ToJsonString();
}
