using System.Text.Json.Nodes;
using Forensics.Api;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Deploy;

/// <summary>The CRD as a real API server serves it: what it takes, what it refuses and what it explains.</summary>
[Category("Cluster")]
internal sealed class ServedResourceTests
{
    private ScratchCrd _crd = null!;

    [OneTimeSetUp]
    public async Task EstablishAsync() => _crd = await ScratchCrd.EstablishAsync();

    [OneTimeTearDown]
    public async Task DeleteAsync() => await _crd.DisposeAsync();

    [TestCase("samples/forensics_v1alpha1_podcheckpoint.yaml")] // Upstream's, to the letter.
    [TestCase("samples/minimal.yaml")]
    public async Task A_sample_is_taken_whole(string sample)
    {
        var checkpoint = Manifests.Read(sample).Single();
        checkpoint["metadata"]!["namespace"] = "default";

        var answer = await _crd.DryRunAsync(checkpoint);

        answer.ExitCode.Should().Be(0, answer.Error);
        JsonNode.DeepEquals(JsonNode.Parse(answer.Output)!["spec"], checkpoint["spec"]).Should().BeTrue("nothing is pruned");
    }

    [Test]
    public void Upstreams_sample_is_unchanged() =>
        JsonNode.DeepEquals(Manifests.Read("samples/forensics_v1alpha1_podcheckpoint.yaml").Single(), JsonNode.Parse("""
            {
              "apiVersion": "forensics.keikoproj.io/v1alpha1",
              "kind": "PodCheckpoint",
              "metadata": {"name": "podcheckpoint-sample", "namespace": "forensics-system"},
              "spec": {
                "destination": "s3://my-bucket-123456789000-us-west-2",
                "subpath": "forensics",
                "pod": "bad-pod-1234567890-dead1",
                "namespace": "default"
              }
            }
            """)).Should().BeTrue();

    [TestCase("destination", "my-bucket")]
    [TestCase("destination", "s3://Bucket")]
    [TestCase("destination", "s3://bucket/$(reboot)")]
    [TestCase("destination", "s3://bucket/prefix\n")]
    [TestCase("subpath", "a//b")]
    [TestCase("subpath", "a;rm -rf /")]
    [TestCase("subpath", "a\u202eb")]
    [TestCase("pod", "Pod")]
    [TestCase("pod", "../pod")]
    [TestCase("pod", "pod\n")]
    [TestCase("namespace", "kube.system")]
    [TestCase("namespace", "-")]
    public async Task A_wrong_field_is_refused_with_the_pattern_that_it_should_have(string field, string value)
    {
        var answer = await _crd.DryRunAsync(Checkpoint(field, value));

        answer.ExitCode.Should().NotBe(0);
        answer.Error.Should().Contain($"spec.{field}").And.Contain(FieldRule.Of(field).Pattern);
    }

    [TestCase("activeDeadlineSeconds", 59)]
    [TestCase("ttlSecondsAfterFinished", -1)]
    public async Task A_time_that_is_too_short_is_refused(string field, int seconds)
    {
        var answer = await _crd.DryRunAsync(Checkpoint(field, seconds));

        answer.ExitCode.Should().NotBe(0);
        answer.Error.Should().Contain($"spec.{field}").And.Contain("greater than or equal to");
    }

    [TestCase("activeDeadlineSeconds", 60)]
    [TestCase("ttlSecondsAfterFinished", 0)]
    public async Task The_shortest_time_is_taken(string field, int seconds)
    {
        var answer = await _crd.DryRunAsync(Checkpoint(field, seconds));

        answer.ExitCode.Should().Be(0, answer.Error);
        JsonNode.Parse(answer.Output)!["spec"]![field]!.GetValue<int>().Should().Be(seconds, "it is not pruned");
    }

    [TestCase("destination")]
    [TestCase("pod")]
    public async Task A_field_that_is_needed_is_asked_for(string field)
    {
        var answer = await _crd.DryRunAsync(Checkpoint(field, null));

        answer.ExitCode.Should().NotBe(0);
        answer.Error.Should().Contain($"spec.{field}: Required value");
    }

    // Not the empty text: the one-machine cluster's API server takes it for null, since Kubernetes 1.20 was not made for the Go
    // that it is built with there (kubernetes/kubernetes#99804). SchemaPatternTests hold that the CRD allows it.
    [TestCase("subpath", "/")]
    [TestCase("subpath", "/a/b/")]
    [TestCase("namespace", "kube-system")]
    [TestCase("destination", "s3://bucket/team/red/")]
    public async Task What_the_controller_understands_is_taken(string field, string value)
    {
        var answer = await _crd.DryRunAsync(Checkpoint(field, value));

        answer.ExitCode.Should().Be(0, answer.Error);
    }

    [TestCase("spec")]
    [TestCase("status")]
    [TestCase("status.containers")]
    [TestCase("status.progress")]
    [TestCase("status.conditions")]
    public async Task Kubectl_explains_every_field_of(string part)
    {
        var text = await RealCluster.KubectlAsync("explain", $"{ForensicsApi.Plural}.{part}", $"--api-version={_crd.Group}/{ForensicsApi.Version}");

        var fields = (Crd.At(part)!["items"] ?? Crd.At(part))!["properties"]!.AsObject();
        fields.Should().NotBeEmpty();
        foreach (var (name, schema) in fields)
            OneLine(text).Should().MatchRegex($@"\s{name}\s").And.Contain(OneLine(schema!["description"]!.GetValue<string>()));
        text.Should().NotContain("<empty>").And.NotContain("<no description>");
    }

    // explain breaks lines where it likes.
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static JsonObject Checkpoint(string field, JsonNode? value)
    {
        var checkpoint = Manifests.Read("samples/minimal.yaml").Single();
        checkpoint["spec"]![field] = value;
        if (value is null) checkpoint["spec"]!.AsObject().Remove(field);
        return checkpoint;
    }
}
