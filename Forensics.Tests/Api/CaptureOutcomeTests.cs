using System.Text;
using CsCheck;
using Forensics.Api;

namespace Forensics.Tests.Api;

public sealed class CaptureOutcomeTests
{
    [Test]
    public void An_outcome_that_fits_survives_the_termination_log_whole()
    {
        var outcome = OutcomeWith(containers: 5, nameLength: 20, failedEvery: 2);

        var read = CaptureOutcome.FromTerminationMessage(Encoding.UTF8.GetString(outcome.ToTerminationMessage()));

        read.Should().BeEquivalentTo(outcome);
    }

    [Test]
    public void Whatever_the_pod_looks_like_the_message_fits_the_termination_log_and_keeps_what_went_wrong() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[1, 63], Gen.Int[2, 9], Gen.Int[0, 6000]).Sample((containers, nameLength, failedEvery, messageLength) =>
        {
            var outcome = OutcomeWith(containers, nameLength, failedEvery) with { Message = new string('m', messageLength) };

            var bytes = outcome.ToTerminationMessage();

            bytes.Length.Should().BeLessThanOrEqualTo(CaptureOutcome.MaxBytes);
            var read = CaptureOutcome.FromTerminationMessage(Encoding.UTF8.GetString(bytes))!;
            read.Bytes.Should().Be(outcome.Bytes);
            read.Truncated.Should().Be(read.Containers.Count < outcome.Containers.Count || read.Message != outcome.Message);
            var failed = outcome.Containers.Count(c => c.State == CaptureState.Failed);
            if (read.Containers.Any(c => c.State == CaptureState.Captured))
                read.Containers.Count(c => c.State == CaptureState.Failed).Should().Be(failed);
        });

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Unhandled exception. System.OutOfMemoryException")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("[1,2]")]
    [TestCase("""{"version":2,"reason":"Captured","complete":true}""")]
    [TestCase("""{"version":1,"complete":true,"reason":"Capt""")]
    [TestCase("""{"version":1,"reason":"Incomplete","containers":null}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","containers":[null]}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","containers":[{"name":null}]}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","containers":[{"state":99}]}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","containers":[{"kind":-1}]}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","containers":[{"bytes":-1}]}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","message":null}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","bytes":-1}""")]
    [TestCase("""{"version":1,"reason":"Incomplete","objects":-1}""")]
    public void What_no_agent_of_ours_wrote_is_no_outcome(string? text) =>
        CaptureOutcome.FromTerminationMessage(text).Should().BeNull();

    [Test]
    public void What_is_longer_than_a_kubelet_keeps_is_no_outcome() =>
        CaptureOutcome.FromTerminationMessage(
            $$"""{"version":1,"reason":"Incomplete","containers":[{{string.Join(',', Enumerable.Repeat("{}", 2000))}}]}""").Should().BeNull();

    [Test]
    public void What_an_outcome_leaves_out_is_what_the_contract_says()
    {
        var outcome = CaptureOutcome.FromTerminationMessage("""{"version":1,"reason":"Incomplete","containers":[{}]}""")!;

        (outcome.Message, outcome.Complete).Should().Be(("", false));
        outcome.Containers.Should().Equal(new ContainerStatus());
    }

    private static CaptureOutcome OutcomeWith(int containers, int nameLength, int failedEvery) => new()
    {
        Reason = Reasons.Incomplete,
        Message = "2 of 10 artifacts are missing",
        Location = "s3://bucket/forensics/1_default_pod_12345678/",
        ManifestSha256 = new string('a', 64),
        Bytes = 123_456_789,
        Objects = 42,
        Containers = Enumerable.Range(0, containers).Select(i => new ContainerStatus
        {
            Name = new string('c', nameLength),
            Kind = ContainerKind.Regular,
            Runtime = "docker",
            Id = new string('f', 64),
            State = i % failedEvery == 0 ? CaptureState.Failed : CaptureState.Captured,
            Bytes = i,
        }).ToList(),
    };
}
