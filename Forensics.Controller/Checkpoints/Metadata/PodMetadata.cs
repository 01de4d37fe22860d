using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Metadata;

/// <summary>The pod's metadata as evidence, cut to what a ConfigMap holds.</summary>
/// <param name="Cuts">What was cut or could not be read, a line each, which names the file that lacks it.</param>
internal sealed record PodMetadata(string PodYaml, string Describe, IReadOnlyList<string> Cuts)
{
    /// <summary>Bytes of both texts. The API server takes 1 MiB of values in a ConfigMap; plan.json needs its share.</summary>
    public const int MaxBytes = 900 * 1024;

    private const int MaxDescribeBytes = 256 * 1024;

    public static PodMetadata Of(TargetPod target, V1Node? node, IReadOnlyList<Corev1Event>? events)
    {
        var cuts = new List<string>();
        if (node is null) cuts.Add($"{AgentContract.DescribeFile}: the node could not be read.");
        if (events is null) cuts.Add($"{AgentContract.DescribeFile}: the pod's events could not be read.");

        var describe = Cut(DescribeWriter.Write(target.Pod, node, events), MaxDescribeBytes, AgentContract.DescribeFile, cuts);
        var room = MaxBytes - Encoding.UTF8.GetByteCount(describe);
        var yaml = YamlWriter.Write(target.Raw);
        if (Encoding.UTF8.GetByteCount(yaml) > room)
        {
            cuts.Add($"{AgentContract.PodYamlFile}: metadata.managedFields was left out.");
            yaml = YamlWriter.Write(WithoutManagedFields(target.Raw));
        }

        return new PodMetadata(Cut(yaml, room, AgentContract.PodYamlFile, cuts), describe, cuts);
    }

    // At the end of a line, so that what is left can still be read as what it is.
    private static string Cut(string text, int maxBytes, string file, List<string> cuts)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= maxBytes) return text;

        const string Mark = "# Cut here: it did not fit.\n";
        var end = Array.LastIndexOf(bytes, (byte)'\n', maxBytes - Mark.Length - 1) + 1;
        if (end == 0) end = maxBytes - Mark.Length - 4; // One endless line; a torn character becomes U+FFFD, of three bytes.
        cuts.Add($"{file}: cut from {bytes.Length} to {end} bytes.");
        return Encoding.UTF8.GetString(bytes, 0, end) + Mark;
    }

    private static JsonElement WithoutManagedFields(JsonElement raw)
    {
        var node = JsonNode.Parse(raw.GetRawText())!;
        (node["metadata"] as JsonObject)?.Remove("managedFields");
        return JsonElement.Parse(node.ToJsonString());
    }
}
