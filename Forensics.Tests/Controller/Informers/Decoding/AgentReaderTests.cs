using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Forensics.Controller.Informers;
using Forensics.Controller.Informers.Decoding;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Controller.Informers.Decoding;

/// <summary>Our reading of Jobs and pods, held against the client library's.</summary>
internal sealed class AgentReaderTests
{
    [Test]
    public void Any_Job_reads_as_the_library_reads_it() =>
        AnyObject.Job.Sample(job => ResourceTypes.Jobs.Of(job).Should().Be(LibraryReading.Of(KubernetesJson.Deserialize<V1Job>(KubernetesJson.Serialize(job)))));

    [Test]
    public void Any_pod_reads_as_the_library_reads_it() =>
        AnyObject.Pod.Sample(pod => ResourceTypes.Pods.Of(pod).Should().Be(LibraryReading.Of(KubernetesJson.Deserialize<V1Pod>(KubernetesJson.Serialize(pod)))));

    [Test]
    public void The_order_of_properties_is_the_servers_business_and_so_is_what_else_there_is() =>
        Gen.Select(AnyObject.Job, AnyObject.Pod, Gen.Int).Sample((job, pod, seed) =>
        {
            Read(ResourceTypes.Jobs, Shuffled(job, seed)).Should().Be(ResourceTypes.Jobs.Of(job));
            Read(ResourceTypes.Pods, Shuffled(pod, seed)).Should().Be(ResourceTypes.Pods.Of(pod));
        });

    [Test]
    public void Whatever_stands_in_the_place_of_a_value_the_object_is_read_all_the_same() =>
        Gen.Select(AnyObject.Job, AnyObject.Pod, Gen.Int).Sample((job, pod, seed) =>
        {
            ReadToItsEnd(ResourceTypes.Jobs, OddJson.InPlaceOfAValue(JsonNode.Parse(KubernetesJson.Serialize(job))!, seed));
            ReadToItsEnd(ResourceTypes.Pods, OddJson.InPlaceOfAValue(JsonNode.Parse(KubernetesJson.Serialize(pod))!, seed));
        });

    [Test]
    public void Text_that_is_no_text_does_not_hide_the_object()
    {
        byte[] json = [.. """{"metadata":{"name":"half \ud800 pair"},"status":{"phase":"no """u8, 0xff, .. """ UTF-8"}}"""u8];
        var pod = Read(ResourceTypes.Pods, json);

        pod.Metadata.Name.Should().Be("""half \ud800 pair""");
        pod.Phase.Should().Be("no \ufffd UTF-8");
    }

    [Test]
    public void A_number_out_of_range_counts_as_not_there()
    {
        var job = Read(ResourceTypes.Jobs, """{"spec":{"activeDeadlineSeconds":1e300},"status":{"active":99999999999,"failed":2,"startTime":"yesterday"}}"""u8.ToArray());

        (job.ActiveDeadlineSeconds, job.Active, job.Failed, job.StartTime).Should().Be((null, 0, 2, null));
    }

    private static byte[] Shuffled<T>(T model, int seed) =>
        Encoding.UTF8.GetBytes(OddJson.Shuffled(JsonNode.Parse(KubernetesJson.Serialize(model))!, seed).ToJsonString());

    private static void ReadToItsEnd<T>(ResourceType<T> type, JsonNode odd) => Read(type, Encoding.UTF8.GetBytes(odd.ToJsonString()));

    private static T Read<T>(ResourceType<T> type, byte[] json)
    {
        var reader = new WireReader([.. """{"object":"""u8, .. json, .. ""","next":1}"""u8]);
        reader.NextProperty();
        reader.EnterObject();
        var read = type.Decode(ref reader, new SharedStrings());
        (reader.NextProperty() && reader.Is("next")).Should().BeTrue("it is read to its end and no further");
        return read;
    }
}
