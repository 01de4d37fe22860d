using CsCheck;
using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Deploy;

/// <summary>The API server and the controller must agree on what a good spec is: else one of them accepts what the other
/// calls wrong.</summary>
internal sealed class SchemaPatternTests
{
    private const string GoodDestination = "s3://bucket";

    // Few enough words, and often enough, that every short combination comes up: a pattern goes wrong in one of them.
    private const int Samples = 30_000;

    private static readonly CaptureOptions Options = new();

    [Test]
    public void Destination_and_subpath_have_the_code_s_own_patterns_and_lengths()
    {
        Text("destination", "pattern").Should().Be(Destination.Pattern);
        Text("subpath", "pattern").Should().Be(Destination.SubpathPattern);
        Crd.SpecField("destination")["maxLength"]!.GetValue<long>().Should().Be(Destination.MaxLength);
        Crd.SpecField("subpath")["maxLength"]!.GetValue<long>().Should().Be(Destination.MaxLength);
        Crd.SpecField("activeDeadlineSeconds")["minimum"]!.GetValue<long>().Should().Be(PodCheckpointSpec.ShortestDeadlineSeconds);
        Crd.SpecField("ttlSecondsAfterFinished")["minimum"]!.GetValue<long>().Should().Be(0);

        static string Text(string field, string property) => Crd.SpecField(field)[property]!.GetValue<string>();
    }

    [Test]
    public void The_shortest_bucket_is_accepted() => FieldRule.Of("destination").Accepts("s3://abc").Should().BeTrue();

    [TestCase("subpath")]
    [TestCase("namespace")]
    [TestCase("export.compression")]
    [TestCase("export.method")]
    public void What_may_be_left_out_may_be_empty_too(string field) => FieldRule.Of(field).Accepts("").Should().BeTrue();

    [Test]
    public void Both_accept_the_same_destinations() => Agree(
        "destination",
        Words("s3://", "ab", "bucket", "b.c", "B", "/", "x", ".", "..", " ", "\n", "$", "é", "="),
        text => new PodCheckpointSpec { Destination = text, Pod = "pod" });

    [Test]
    public void Both_accept_the_same_subpaths() => Agree(
        "subpath",
        Words("a", "b.c", "/", "//", ".", "..", " ", "\n", "$", "\u202e", "(1)"),
        text => new PodCheckpointSpec { Destination = GoodDestination, Subpath = text, Pod = "pod" });

    [Test]
    public void Both_accept_the_same_pods() => Agree(
        "pod",
        Words("a", "0", "-", ".", "A", "\n"),
        text => new PodCheckpointSpec { Destination = GoodDestination, Pod = text });

    [Test]
    public void Both_accept_the_same_namespaces() => Agree(
        "namespace",
        Words("a", "0", "-", ".", "A", "\n"),
        text => new PodCheckpointSpec { Destination = GoodDestination, Pod = "pod", Namespace = text });

    [Test]
    public void Both_accept_the_same_compressions() => Agree(
        "export.compression",
        Words("None", "Gzip", "Zstd", "zstd", "1", ",", " ", "\n"),
        text => new PodCheckpointSpec { Destination = GoodDestination, Pod = "pod", Export = new ExportSpec { Compression = text } });

    [Test]
    public void Both_accept_the_same_methods() => Agree(
        "export.method",
        Words("Auto", "Runtime", "Layers", "layers", "0", ",", " ", "\n"),
        text => new PodCheckpointSpec { Destination = GoodDestination, Pod = "pod", Export = new ExportSpec { Method = text } });

    [TestCase("destination", "s3://bucket/", 400)]
    [TestCase("pod", "", 253)]
    [TestCase("namespace", "", 63)]
    public void Both_set_the_same_bound_on_length(string field, string start, int longest)
    {
        foreach (var length in new[] { longest, longest + 1 })
        {
            var text = start + new string('a', length - start.Length);
            // The subpath is the shortest that there is, so that the bound on both together is the destination's own.
            var spec = new PodCheckpointSpec
            {
                Destination = field == "destination" ? text : GoodDestination,
                Subpath = "/",
                Pod = field == "pod" ? text : "pod",
                Namespace = field == "namespace" ? text : null,
            };
            FieldRule.Of(field).Accepts(text).Should().Be(length == longest);
            (SpecCheck.Of(spec, Options) is null).Should().Be(length == longest);
        }
    }

    private static Gen<string> Words(params string[] words) =>
        Gen.Int[0, words.Length - 1].Array[0, 6].Select(chosen => string.Concat(chosen.Select(word => words[word])));

    private static void Agree(string field, Gen<string> texts, Func<string, PodCheckpointSpec> specOf)
    {
        var rule = FieldRule.Of(field);
        texts.Sample(
            text =>
            {
                // A pattern without look-ahead cannot say that a segment is neither . nor .. : that is the controller's alone.
                var climbs = text.Split('/').Any(segment => segment is "." or "..");
                return (SpecCheck.Of(specOf(text), Options) is null) == (rule.Accepts(text) && !climbs);
            },
            iter: Samples);
    }
}
