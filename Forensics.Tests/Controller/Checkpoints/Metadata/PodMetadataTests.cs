using System.Text;
using System.Text.Json;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Metadata;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints.Metadata;

public sealed class PodMetadataTests
{
    [Test]
    public void What_fits_is_not_cut()
    {
        var metadata = PodMetadata.Of(Target(Given.Target()), Given.Node(), []);
        metadata.Cuts.Should().BeEmpty();
        metadata.PodYaml.Should().Contain("name: bad-pod");
        metadata.Describe.Should().Contain("bad-pod").And.Contain("node-1");
    }

    [Test]
    public void What_the_types_do_not_know_is_in_the_YAML_all_the_same()
    {
        var raw = JsonDocument.Parse("""{"metadata":{"name":"p"},"spec":{"fieldOfTomorrow":{"deep":[1]},"containers":[]}}""").RootElement;
        PodMetadata.Of(TargetPod.Of(raw), null, null).PodYaml.Should().Contain("fieldOfTomorrow:");
    }

    [Test]
    public void What_could_not_be_read_is_named()
    {
        var metadata = PodMetadata.Of(Target(Given.Target()), null, null);
        metadata.Cuts.Should().Equal("describe.txt: the node could not be read.", "describe.txt: the pod's events could not be read.");
        metadata.Describe.Should().Contain("could not be read");
    }

    [Test]
    public void Both_texts_together_stay_within_a_ConfigMap_and_say_what_was_cut()
    {
        var pod = Given.Target();
        pod.Metadata.Annotations = Enumerable.Range(0, 3000).ToDictionary(i => $"a{i}", _ => new string('ü', 250));

        var metadata = PodMetadata.Of(Target(pod), Given.Node(), []);

        (Bytes(metadata.PodYaml) + Bytes(metadata.Describe)).Should().BeLessThanOrEqualTo(PodMetadata.MaxBytes);
        metadata.Cuts.Should().Contain(cut => cut.StartsWith("describe.txt: cut from", StringComparison.Ordinal))
            .And.Contain(cut => cut.StartsWith("pod.yaml: cut from", StringComparison.Ordinal));
        metadata.PodYaml.Should().EndWith("# Cut here: it did not fit.\n").And.NotContain("\ufffd");
    }

    [Test]
    public void Managed_fields_go_before_anything_else_does()
    {
        var pod = Given.Target();
        pod.Metadata.ManagedFields = [.. Enumerable.Range(0, 10_000).Select(i => new V1ManagedFieldsEntry { Manager = $"manager-{i}-{new string('x', 100)}" })];

        var metadata = PodMetadata.Of(Target(pod), Given.Node(), []);

        metadata.Cuts.Should().Equal("pod.yaml: metadata.managedFields was left out.");
        metadata.PodYaml.Should().NotContain("managedFields").And.Contain("phase: Running");
    }

    [Test]
    public void One_endless_line_is_cut_too()
    {
        var pod = Given.Target();
        pod.Metadata.Annotations = new Dictionary<string, string> { ["a"] = new string('€', 600_000) };
        var metadata = PodMetadata.Of(Target(pod), Given.Node(), []);
        (Bytes(metadata.PodYaml) + Bytes(metadata.Describe)).Should().BeLessThanOrEqualTo(PodMetadata.MaxBytes);
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static TargetPod Target(V1Pod pod) => TargetPod.Of(JsonDocument.Parse(KubernetesJson.Serialize(pod)).RootElement);
}
