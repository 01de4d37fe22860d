using System.Globalization;

namespace Forensics.Api;

/// <summary>Names of the objects of one capture. <see cref="Describe"/>, <see cref="PodYaml"/>, <see cref="Inspect"/>,
/// <see cref="Diff"/> and <see cref="Export"/> are upstream's.</summary>
public static class EvidenceNames
{
    public const string Capture = "capture.json";
    public const string Sums = "SHA256SUMS";
    public const string Manifest = "manifest.json";

    public static string Describe(string pod) => $"{pod}.txt";
    public static string PodYaml(string pod) => $"{pod}.yaml";
    public static string Inspect(string pod, string containerId) => $"{pod}-{Short(containerId)}-inspect.json";
    public static string Diff(string pod, string containerId) => $"{pod}-{Short(containerId)}-diff.txt";
    public static string Logs(string pod, string containerId) => $"{pod}-{Short(containerId)}-logs.txt";
    public static string History(string pod, string containerId) => $"{pod}-{Short(containerId)}-history.json";
    public static string Volume(string pod, string volume) => $"{pod}-volume-{volume}.tar";
    public static string SharedMemory(string pod, string containerId) => $"{pod}-{Short(containerId)}-shm.tar";
    public static string Export(string pod, string containerId, CompressionKind compression = CompressionKind.None) =>
        $"{pod}-{Short(containerId)}-export.tar{Suffix(compression)}";
    public static string Changes(string pod, string containerId, CompressionKind compression = CompressionKind.None) =>
        $"{pod}-{Short(containerId)}-changes.tar{Suffix(compression)}";
    public static string Notes(string pod, string containerId) => $"{pod}-{Short(containerId)}-notes.jsonl";
    public static string Inventory(string pod, string containerId) => $"{pod}-{Short(containerId)}-inventory.jsonl";
    public static string Bodyfile(string pod, string containerId) => $"{pod}-{Short(containerId)}-bodyfile.txt";

    /// <summary>One agent pod, one folder: the controller can name it without the agent's help, and no second agent can
    /// write into it. <c>unix_namespace_pod_12345678</c>, with no slash.</summary>
    public static string Folder(DateTimeOffset plannedAt, string targetNamespace, string pod, string agentPodUid)
    {
        var seconds = plannedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{seconds}_{targetNamespace}_{pod}_{agentPodUid[..Math.Min(8, agentPodUid.Length)]}";
    }

    /// <summary>The folder's full address with a slash at its end.</summary>
    public static string Location(CapturePlan plan, string agentPodUid)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return $"{plan.Destination}/{Folder(plan.CreatedAt, plan.Target.Namespace, plan.Target.Pod, agentPodUid)}/";
    }

    private static string Suffix(CompressionKind compression) => compression switch
    {
        CompressionKind.Gzip => ".gz",
        CompressionKind.Zstd => ".zst",
        _ => "",
    };

    private static string Short(string containerId) => containerId[..Math.Min(12, containerId.Length)];
}
