using System.Text.Json;
using Forensics.Api;

namespace Forensics.Tests.Api;

public sealed class ApiJsonTests
{
    [Test]
    public void Times_are_written_in_UTC_with_a_Z_as_Kubernetes_does()
    {
        var status = new PodCheckpointStatus { StartTime = new DateTimeOffset(2019, 8, 15, 1, 19, 13, TimeSpan.FromHours(2)) };

        JsonSerializer.Serialize(status, ApiJson.Compact.PodCheckpointStatus)
            .Should().Contain("\"startTime\":\"2019-08-14T23:19:13Z\"");
    }

    [Test]
    public void Upstreams_sample_is_read_as_it_is()
    {
        const string Sample = """
            {"apiVersion":"forensics.keikoproj.io/v1alpha1","kind":"PodCheckpoint",
             "metadata":{"name":"podcheckpoint-sample","namespace":"forensics-system"},
             "spec":{"destination":"s3://my-bucket-123456789000-us-west-2","subpath":"forensics",
                     "pod":"bad-pod-1234567890-dead1","namespace":"default"}}
            """;

        var read = JsonSerializer.Deserialize(Sample, ApiJson.Compact.PodCheckpoint)!;

        read.Metadata.Namespace.Should().Be("forensics-system");
        read.Spec.Should().Be(new PodCheckpointSpec
        {
            Destination = "s3://my-bucket-123456789000-us-west-2",
            Subpath = "forensics",
            Pod = "bad-pod-1234567890-dead1",
            Namespace = "default",
        });
    }

    [TestCase("""{"target":null}""")]
    [TestCase("""{"containers":null}""")]
    [TestCase("""{"podCheckpoint":{"uid":null}}""")]
    public void A_null_where_the_contract_has_none_is_refused(string plan) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize(plan, ApiJson.Whole<CapturePlan>())).Should().Throw<JsonException>();

    [Test]
    public void What_is_left_out_is_what_the_contract_says()
    {
        var plan = JsonSerializer.Deserialize("""{"target":{"pod":"p"}}""", ApiJson.Whole<CapturePlan>())!;

        plan.Target.Should().Be(new CaptureTarget { Pod = "p" });
        plan.Containers.Should().BeEmpty();
    }

    [Test]
    public void Nothing_that_an_attacker_named_reaches_a_terminal_raw()
    {
        var record = new ArtifactRecord { Unreadable = ["/tmp/\u001b[2Jgone", "/tmp/\u202egnp.exe", "/tmp/\u009b31m"] };

        var json = JsonSerializer.Serialize(new Manifest { Artifacts = [record] }, ApiJson.Readable.Manifest);

        json.Where(c => c is (< ' ' and not '\n') or > '~').Should().BeEmpty();
    }

    [Test]
    public void The_hash_of_a_spec_changes_with_every_field()
    {
        var spec = new PodCheckpointSpec { Destination = "s3://b-1", Pod = "p" };
        PodCheckpointSpec[] others =
        [
            spec, spec with { Destination = "s3://b-2" }, spec with { Pod = "q" },
            spec with { Namespace = "n" }, spec with { Subpath = "s" },
            spec with { Export = new ExportSpec { Compression = "Zstd" } }, spec with { Export = new ExportSpec { Method = "Layers" } },
        ];

        others.Select(SpecHash.Of).Should().OnlyHaveUniqueItems();
        SpecHash.Of(spec with { Export = new ExportSpec { Compression = "" } }).Should().Be(SpecHash.Of(spec), "empty and absent mean the same");
        SpecHash.Of(spec with { }).Should().Be(SpecHash.Of(spec));
    }
}
