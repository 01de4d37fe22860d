using System.Text.Json.Nodes;

namespace Forensics.Tests.Deploy;

/// <summary>The CRD of deploy/crd.</summary>
internal static class Crd
{
    public const string File = "crd/forensics.keikoproj.io_podcheckpoints.yaml";

    public static JsonObject Spec => Manifests.Read(File).Single()["spec"]!.AsObject();

    public static JsonObject Version => Spec["versions"]!.AsArray().Single()!.AsObject();

    public static JsonObject Schema => Version["schema"]!["openAPIV3Schema"]!.AsObject();

    /// <param name="path">Below spec, such as <c>export.compression</c>.</param>
    public static JsonObject SpecField(string path) => At($".spec.{path}")!;

    /// <summary>What a printer column shows: the schema at a path such as <c>.status.phase</c>.</summary>
    public static JsonObject? At(string jsonPath) => jsonPath.Split('.', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate<string, JsonNode?>(Schema, (schema, field) => schema?["properties"]?[field])?.AsObject();

    /// <summary>Every field with its path, but not what the API server knows by itself (metadata).</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Fields(JsonObject schema, string path = "")
    {
        var items = schema["items"]?.AsObject() ?? schema;
        foreach (var (name, field) in items["properties"]?.AsObject() ?? [])
        {
            if (path.Length == 0 && name == "metadata") continue;
            yield return ($"{path}.{name}", field!.AsObject());
            foreach (var below in Fields(field!.AsObject(), $"{path}.{name}")) yield return below;
        }
    }
}
