using System.Text.Json;
using CsCheck;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Metadata;
using YamlDotNet.RepresentationModel;

namespace Forensics.Tests.Controller.Checkpoints.Metadata;

public sealed class YamlWriterTests
{
    [Test]
    public void It_looks_as_kubectl_shows_objects() => Write("""
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"bad-pod","labels":{},"finalizers":[]},
         "spec":{"containers":[{"name":"app","args":["-c","sleep 1"],"stdin":true},{"name":"b"}],"priority":0,"none":null}}
        """).Should().Be("""
        apiVersion: v1
        kind: Pod
        metadata:
          finalizers: []
          labels: {}
          name: bad-pod
        spec:
          containers:
          - args:
            - "-c"
            - "sleep 1"
            name: app
            stdin: true
          - name: b
          none: null
          priority: 0

        """);

    [TestCase("")]
    [TestCase("true")]
    [TestCase("No")]
    [TestCase("y")]
    [TestCase("null")]
    [TestCase("~")]
    [TestCase("1e3")]
    [TestCase("0x10")]
    [TestCase("12:30:45")]
    [TestCase("2026-01-01")]
    [TestCase("- a")]
    [TestCase("a: b")]
    [TestCase("a #b")]
    [TestCase("&anchor")]
    [TestCase("*alias")]
    [TestCase("!tag")]
    [TestCase("<<")]
    [TestCase("{}")]
    [TestCase(" a ")]
    [TestCase("a:")]
    [TestCase(".nan")]
    [TestCase("---")]
    [TestCase("say \"hi\" \\ bye")]
    [TestCase("line\nline")]
    [TestCase("\u001b[2J\u202e\0\u0085\ufeff")]
    public void Text_that_could_be_mistaken_is_quoted_and_stays_text(string text)
    {
        foreach (var json in new[] { Json(new Dictionary<string, string> { [text] = "x" }), Json(new Dictionary<string, string> { ["x"] = text }), Json(new[] { text }) })
        {
            var yaml = Write(json);
            yaml.Should().Contain("\"", "it is quoted");
            yaml.Replace("\n", "", StringComparison.Ordinal).EnumerateRunes().Should().OnlyContain(rune => PlainText.IsShowable(rune));
            Same(JsonDocument.Parse(json).RootElement, Load(yaml)).Should().BeTrue(yaml);
        }
    }

    [Test]
    public void Sequences_in_sequences_keep_their_shape()
    {
        const string Nested = """{"a":[[1,[2,{"b":[3]}]],[],{"c":{"d":[[4]]}}]}""";
        Same(JsonDocument.Parse(Nested).RootElement, Load(Write(Nested))).Should().BeTrue(Write(Nested));
    }

    [Test]
    public void Another_reader_of_YAML_finds_in_it_exactly_what_was_in_the_JSON() => AnyJson(3).Sample(json =>
    {
        var text = JsonSerializer.Serialize(json);
        var yaml = Write(text);
        Same(JsonDocument.Parse(text).RootElement, Load(yaml)).Should().BeTrue(yaml);
    });

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char["ab :-#\n\t\"'\\{}[]&*!|>%@`,?~0.\u001b\u202e\u0085\ufeff"], 0, 8], Gen.OneOf(Gen.Const("yes"), Gen.Const("null"), Gen.Const("1.5"), Gen.Const("a/b.c")));

    private static Gen<object> AnyJson(int depth)
    {
        var scalar = Gen.OneOf(AnyText.Select(t => (object)t), Gen.Int.Select(i => (object)i), Gen.Bool.Select(b => (object)b));
        return depth == 0 ? scalar : Gen.OneOf(
            scalar,
            AnyJson(depth - 1).Array[0, 3].Select(a => (object)a),
            Gen.Dictionary(AnyText, AnyJson(depth - 1))[0, 3].Select(d => (object)d));
    }

    private static bool Same(JsonElement json, YamlNode yaml) => (json.ValueKind, yaml) switch
    {
        (JsonValueKind.Object, YamlMappingNode map) => map.Children.Count == json.EnumerateObject().Count()
            && json.EnumerateObject().All(p => Same(p.Value, map.Children[new YamlScalarNode(p.Name)])),
        (JsonValueKind.Array, YamlSequenceNode list) => list.Children.Count == json.GetArrayLength()
            && json.EnumerateArray().Zip(list.Children).All(pair => Same(pair.First, pair.Second)),
        (JsonValueKind.String, YamlScalarNode text) => text.Value == json.GetString(),
        (_, YamlScalarNode plain) => plain.Style == YamlDotNet.Core.ScalarStyle.Plain && plain.Value == json.GetRawText(),
        _ => false,
    };

    private static string Write(string json) => YamlWriter.Write(JsonDocument.Parse(json).RootElement);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static YamlNode Load(string yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(yaml);
        stream.Load(reader);
        return stream.Documents.Single().RootNode;
    }
}
