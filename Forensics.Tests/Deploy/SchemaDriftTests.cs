using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Forensics.Api;

namespace Forensics.Tests.Deploy;

/// <summary>The CRD is written by hand, and so are the types: what one says, the other must say too. The API server prunes
/// without a word what the CRD does not know.</summary>
internal sealed class SchemaDriftTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    // A status is written bit by bit, by this version of the controller and by earlier ones, so nothing in it can be required
    // of an object that is stored already.
    private static readonly Type[] NothingIsRequiredOf = [typeof(PodCheckpointStatus), typeof(CaptureProgress)];

    // The API server requires and checks these by itself.
    private static readonly string[] OfEveryObject = ["apiVersion", "kind", "metadata"];

    [Test]
    public void Crd_and_types_have_the_same_fields_of_the_same_types()
    {
        var inTypes = Describe(typeof(PodCheckpoint)).ToList();
        var inCrd = Crd.Fields(Crd.Schema).Select(field => $"{field.Path}: {Describe(field.Schema)}").ToList();

        inTypes.Should().HaveCountGreaterThan(30);
        inCrd.Should().BeEquivalentTo(inTypes);
    }

    [Test]
    public void Crd_requires_what_the_types_always_have()
    {
        var types = new Dictionary<string, Type>();
        Collect(typeof(PodCheckpoint), "", types);

        types.Should().HaveCount(7);
        foreach (var (path, type) in types)
        {
            var expected = NothingIsRequiredOf.Contains(type)
                ? []
                : Properties(type).Where(IsAlwaysThere).Select(property => property.Name).Except(path.Length == 0 ? OfEveryObject : []);
            Required(path).Should().BeEquivalentTo(expected, $"that is required of '{path}'");
        }
    }

    private static IEnumerable<string> Required(string path)
    {
        var schema = path.Length == 0 ? Crd.Schema : Crd.Fields(Crd.Schema).Single(field => field.Path == path).Schema;
        return ((schema["items"] ?? schema)["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>());
    }

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        Nullability.Create((PropertyInfo)property.AttributeProvider!).ReadState == NullabilityState.NotNull;

    private static void Collect(Type type, string path, Dictionary<string, Type> types)
    {
        types.Add(path, type);
        foreach (var property in Properties(type))
        {
            if (path.Length == 0 && property.Name == "metadata") continue;
            if (InnerRecord(property.PropertyType) is { } inner) Collect(inner, $"{path}.{property.Name}", types);
        }
    }

    private static IEnumerable<string> Describe(Type type, string path = "")
    {
        foreach (var property in Properties(type))
        {
            if (path.Length == 0 && property.Name == "metadata") continue;
            yield return $"{path}.{property.Name}: {SchemaOf(property)}";
            if (InnerRecord(property.PropertyType) is not { } inner) continue;
            foreach (var below in Describe(inner, $"{path}.{property.Name}")) yield return below;
        }
    }

    private static string Describe(JsonObject schema)
    {
        var type = schema["type"]!.GetValue<string>();
        if (schema["format"] is { } format) type += $" {format}";
        if (schema["items"] is { } items) type += $" of {items["type"]}";
        // The values of a condition are Kubernetes' own, which the types leave a string.
        if (schema["enum"] is JsonArray values && values.All(value => value!.GetValue<string>() is not ("True" or "False")))
            type += $" {string.Join('|', values.Select(value => value!.GetValue<string>()))}";
        return type;
    }

    private static string SchemaOf(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string)) return "string";
        if (type == typeof(DateTimeOffset)) return "string date-time";
        if (type == typeof(int)) return "integer int32";
        if (type == typeof(long)) return "integer int64";
        if (type.IsEnum) return $"string {string.Join('|', Enum.GetNames(type))}";
        return !type.IsAssignableTo(typeof(IEnumerable)) ? "object" : InnerRecord(type) is null ? "array of string" : "array of object";
    }

    private static Type? InnerRecord(Type type)
    {
        var element = type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : type;
        return element.IsClass && element != typeof(string) ? element : null;
    }

    // As the source generator names them, which is what goes over the wire.
    private static IList<JsonPropertyInfo> Properties(Type type) => ApiJson.Compact.GetTypeInfo(type)!.Properties;
}
