using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Controller.Informers.Decoding;
using Forensics.Tests.Controller.Informers.Decoding;
using Forensics.Tests.Fakes;
using k8s;

namespace Forensics.Tests.Controller.Informers;

/// <summary>A list is read while it comes in, in whatever pieces.</summary>
internal sealed class ListReaderTests
{
    [Test]
    public void A_list_reads_the_same_in_whatever_pieces_it_comes_and_in_whatever_order() =>
        Gen.Select(AnyObject.Pod.Array[0, 5], Gen.Int[1, 400].Array[1, 20], Gen.Int).Sample((pods, cuts, seed) =>
        {
            var list = ApiJsonText.List("7", [.. pods.Select(pod => KubernetesJson.Serialize(pod))]);
            var odd = OddJson.Shuffled(JsonNode.Parse(list)!, seed).ToJsonString();

            Read(odd, cuts, out var reader).Should().Equal(pods.Select(ResourceTypes.Pods.Of));
            (reader.ResourceVersion, reader.Continue).Should().Be(("7", ""));
        });

    [Test]
    public void A_list_of_none_has_null_for_its_items_or_no_items_at_all()
    {
        Read("""{"metadata":{"resourceVersion":"7","continue":"more"},"items":null}""", [3], out var reader).Should().BeEmpty();
        Read("""{"metadata":{"resourceVersion":"7"}}""", [3], out _).Should().BeEmpty();

        (reader.ResourceVersion, reader.Continue).Should().Be(("7", "more"));
    }

    [TestCase("""{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}""", TestName = "Cut off between objects")]
    [TestCase("""{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"na""", TestName = "Cut off in an object")]
    [TestCase("""{"metadata":{"resourceVersion":"7"},"items":[]""", TestName = "Cut off at its end")]
    [TestCase("""{"items":[]}""", TestName = "No version to watch from")]
    [TestCase("[]", TestName = "Another kind of JSON")]
    [TestCase("<html>", TestName = "No JSON")]
    [TestCase("", TestName = "Nothing")]
    public void What_is_no_whole_list_is_an_error(string json)
    {
        var reading = () => Read(json, [5], out _);

        reading.Should().Throw<JsonException>();
    }

    private static List<AgentPod> Read(string json, int[] cuts, out ListReader<AgentPod> reader)
    {
        var items = new List<AgentPod>();
        reader = new ListReader<AgentPod>(ResourceTypes.Pods, new SharedStrings(), items);
        ReadOnlyMemory<byte> all = Encoding.UTF8.GetBytes(json);
        for (int taken = 0, come = 0, i = 0; ; i++)
        {
            come = Math.Min(all.Length, come + cuts[i % cuts.Length]);
            var buffer = Pieces.Of(all[taken..come], cuts[i % cuts.Length]);
            taken += (int)buffer.Slice(0, reader.Take(buffer, come == all.Length)).Length;
            if (come == all.Length) return items;
        }
    }
}
