using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>The pod as the API server had it: the agent has no right to ask, so the plan brings it along.</summary>
internal static class MetadataStep
{
    public static async Task<IReadOnlyList<ArtifactRecord>> RunAsync(CaptureOrder order, ArtifactRecorder recorder)
    {
        if (order.Metadata is not { } metadata) return [];
        var pod = order.Plan.Target.Pod;
        return
        [
            await StoreAsync(EvidenceNames.PodYaml(pod), ArtifactTypes.Pod, AgentContract.PodYamlFile, metadata.Yaml),
            await StoreAsync(EvidenceNames.Describe(pod), ArtifactTypes.Describe, AgentContract.DescribeFile, metadata.Describe),
        ];

        Task<ArtifactRecord> StoreAsync(string name, string type, string file, byte[]? bytes) =>
            recorder.RecordAsync(name, type, null, async (sink, token) =>
            {
                if (bytes is null) throw new RuntimeException(Reasons.InvalidPlan, $"The plan has no {file}.");
                await sink(bytes, token);
                return FindingsOf(file, order.Plan.MetadataCuts);
            });
    }

    /// <summary>A cut names its file; one that names neither is held against both.</summary>
    private static ArtifactFindings FindingsOf(string file, IReadOnlyList<string> cuts)
    {
        var other = file == AgentContract.PodYamlFile ? AgentContract.DescribeFile : AgentContract.PodYamlFile;
        var concerning = cuts
            .Where(cut => cut.Contains(file, StringComparison.Ordinal) || !cut.Contains(other, StringComparison.Ordinal))
            .ToList();
        return concerning.Count == 0
            ? ArtifactFindings.Whole
            : new ArtifactFindings { Reason = Reasons.MetadataTruncated, Message = string.Join("; ", concerning) };
    }
}
