using Forensics.Agent.Capture.Roots;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>What the container itself wrote, as an archive of its own: an analyst opens it first, and it is there seconds after the
/// start, before any whole file system is read. Only where the layers can be read.</summary>
internal static class ChangesStep
{
    public static Task<ArtifactRecord> RunAsync(string id, string pod, RootReadings readings, ExportOptions options, ContainerRecorder recorder) =>
        recorder.RecordAsync(
            EvidenceNames.Changes(pod, id, options.Compression),
            ArtifactTypes.Changes,
            async (sink, token) =>
            {
                var reading = readings.OnlyWritten(new ArchiveNotes(null, token));
                return await reading.ReadIntoAsync(sink, token) with { Method = reading.Method };
            },
            options.Compression);
}
