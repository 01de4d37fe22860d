using Forensics.Api;
using Forensics.Controller.Checkpoints;

namespace Forensics.Tests.Controller.Checkpoints;

public sealed class SpecCheckTests
{
    private static readonly PodCheckpointSpec Good = Given.Checkpoint().Spec;

    [TestCase("bad-pod-1234567890-dead1", "default")]
    [TestCase("static.node-1.example.com", "")]
    [TestCase("p", null)]
    public void A_spec_as_upstream_takes_it_is_followed(string pod, string? ns) =>
        SpecCheck.Of(Good with { Pod = pod, Namespace = ns }, Given.Options).Should().BeNull();

    [TestCase("")]
    [TestCase("Bad")]
    [TestCase("-pod")]
    [TestCase("pod-")]
    [TestCase("a/b")]
    [TestCase("..")]
    [TestCase("pod\n")]
    [TestCase("pod?watch=true")]
    public void What_is_no_name_of_a_pod_is_invalid(string pod) => ReasonFor(Good with { Pod = pod }).Should().Be(Reasons.InvalidSpec);

    [TestCase(59L, null)]
    [TestCase(-1L, null)]
    [TestCase(null, -1)]
    public void What_an_older_CRD_lets_pass_as_a_time_is_invalid(long? deadline, int? ttl) =>
        ReasonFor(Good with { ActiveDeadlineSeconds = deadline, TtlSecondsAfterFinished = ttl }).Should().Be(Reasons.InvalidSpec);

    [TestCase("a.b")]
    [TestCase("Default")]
    [TestCase("default\n")]
    [TestCase("../kube-system")]
    public void What_is_no_name_of_a_namespace_is_invalid(string ns) => ReasonFor(Good with { Namespace = ns }).Should().Be(Reasons.InvalidSpec);

    [Test]
    public void Names_are_no_longer_than_Kubernetes_has_them()
    {
        SpecCheck.Of(Good with { Pod = new string('p', 253), Namespace = new string('n', 63) }, Given.Options).Should().BeNull();
        ReasonFor(Good with { Pod = new string('p', 254) }).Should().Be(Reasons.InvalidSpec);
        ReasonFor(Good with { Namespace = new string('n', 64) }).Should().Be(Reasons.InvalidSpec);
    }

    [TestCase("http://bucket", null)]
    [TestCase("s3://bucket", "../up")]
    public void A_destination_that_is_none_is_invalid(string destination, string? subpath) =>
        ReasonFor(Good with { Destination = destination, Subpath = subpath }).Should().Be(Reasons.InvalidSpec);

    [Test]
    public void A_compression_that_is_none_is_invalid_and_the_message_has_those_that_are()
    {
        var trouble = SpecCheck.Of(Good with { Export = new ExportSpec { Compression = "xz" } }, Given.Options)!;
        trouble.Reason.Should().Be(Reasons.InvalidSpec);
        trouble.Message.Should().Contain("'xz'").And.Contain("None, Gzip, Zstd");
    }

    [Test]
    public void Destination_and_subpath_are_held_against_the_policy_together()
    {
        var options = Given.Options with { AllowedDestinations = ["bucket/red"] };
        SpecCheck.Of(Good with { Subpath = "red/a" }, options).Should().BeNull();
        var trouble = SpecCheck.Of(Good with { Subpath = "blue" }, options)!;
        trouble.Reason.Should().Be(Reasons.DestinationNotAllowed);
        trouble.Message.Should().Contain("s3://bucket/blue").And.Contain("bucket/red").And.Contain("--allowed-destinations");
    }

    [Test]
    public void A_hostile_name_is_shown_harmlessly() =>
        SpecCheck.Of(Good with { Pod = "\u001b[2Jx\u202e" }, Given.Options)!.Message.Should().Contain(@"\u001b[2Jx\u202e").And.Contain("Nothing was read");

    [TestCase("shop", "shop")]
    [TestCase("", "cases")]
    [TestCase(null, "cases")]
    public void An_empty_namespace_means_the_PodCheckpoints_own(string? ns, string expected) =>
        SpecCheck.TargetNamespace(Given.Checkpoint() with { Spec = Good with { Namespace = ns } }).Should().Be(expected);

    private static string? ReasonFor(PodCheckpointSpec spec) => SpecCheck.Of(spec, Given.Options)?.Reason;
}
