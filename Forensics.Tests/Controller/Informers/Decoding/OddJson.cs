using System.Text.Json.Nodes;

namespace Forensics.Tests.Controller.Informers.Decoding;

/// <summary>Does to JSON what a server of another version, or nobody, would do.</summary>
internal static class OddJson
{
    private static readonly string[] Values = ["null", "true", "-1", "1e400", "99999999999999999999", "\"\"", "[]", "{}", "[[1,null,{}],\"x\"]", """{"a":{"b":[1]}}"""];

    /// <summary>The same objects, their properties in another order and with unknown ones between them.</summary>
    public static JsonNode Shuffled(JsonNode node, int seed)
    {
        var random = new Random(seed);
        return Copy(node);

        JsonNode Copy(JsonNode? from) => from switch
        {
            JsonObject o => new JsonObject(Shuffle(o.Append(new($"unknown{random.Next()}", Any(random))))),
            JsonArray a => new JsonArray([.. a.Select(Copy)]),
            _ => from?.DeepClone()!,
        };

        IEnumerable<KeyValuePair<string, JsonNode?>> Shuffle(IEnumerable<KeyValuePair<string, JsonNode?>> all)
        {
            var properties = all.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Copy(p.Value))).ToArray();
            random.Shuffle(properties);
            return properties;
        }
    }

    /// <summary>Some values are of another kind than they should be.</summary>
    public static JsonNode InPlaceOfAValue(JsonNode node, int seed)
    {
        var random = new Random(seed);
        return Copy(node, isRoot: true)!;

        JsonNode? Copy(JsonNode? from, bool isRoot = false) => from switch
        {
            _ when !isRoot && random.Next(8) == 0 => Any(random),
            JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Copy(p.Value)))),
            JsonArray a => new JsonArray([.. a.Select(item => Copy(item))]),
            _ => from?.DeepClone(),
        };
    }

    private static JsonNode? Any(Random random) => JsonNode.Parse(Values[random.Next(Values.Length)]);
}
