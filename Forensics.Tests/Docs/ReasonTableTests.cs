using System.Reflection;
using System.Text.RegularExpressions;
using Forensics.Api;

namespace Forensics.Tests.Docs;

/// <summary>The README answers "it says Failed, what now" for every reason that a PodCheckpoint can end with.</summary>
internal sealed partial class ReasonTableTests
{
    // Of a container or an artifact: the PodCheckpoint then ends Incomplete (or Complete, where a rule lets it be skipped).
    private static readonly string[] OfPartsAlone =
    [
        Reasons.NotStarted, Reasons.RuntimeFailed, Reasons.StreamTruncated, Reasons.EntriesMissing, Reasons.LogsUnavailable,
        Reasons.MetadataTruncated, Reasons.InstanceRemoved, Reasons.LayersUnreachable, Reasons.ImageGone, Reasons.VolumeNotCollected, Reasons.VolumeReleased, Reasons.VolumeUnreachable, Reasons.UnsupportedStorage, Reasons.SandboxedRuntime,
        Reasons.SeeManifest, Reasons.AgentFailed,
    ];

    // Everything but what is no end of a capture, or a good one.
    private static readonly string[] All =
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Except([Reasons.Captured, Reasons.Queued])];

    [Test]
    public void The_metrics_know_every_reason_that_ends_a_capture() =>
        Reasons.OfFailedCaptures.Should().BeEquivalentTo(All.Except(OfPartsAlone));

    [Test]
    public void Every_reason_that_ends_a_capture_is_in_the_table_once_and_no_other() =>
        Rows().SelectMany(row => row.Reasons).Should().BeEquivalentTo(All.Except(OfPartsAlone));

    [Test]
    public void Each_says_what_happened_and_what_to_do() =>
        Rows().Where(row => row.Happened.Length < 10 || row.ToDo.Length < 10).Should().BeEmpty();

    private static IEnumerable<(IReadOnlyList<string> Reasons, string Happened, string ToDo)> Rows() =>
        Documentation.Table("README.md", "| reason | what happened | what to do |")
            .Select(cells => ((IReadOnlyList<string>)[.. Quoted().Matches(cells[0]).Select(match => match.Groups[1].Value)], cells[1], cells[2]));

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Quoted();
}
