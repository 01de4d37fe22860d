using System.Text.Json;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>capture.json: who asks for what, when. Written with the headers of every other object, before any evidence is read,
/// it proves bucket, credentials and permissions.</summary>
internal static class RequestStep
{
    /// <summary>A store that does not answer must not keep the pod waiting for longer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(90);

    public static async Task<ArtifactRecord> RunAsync(
        CaptureOrder order, string location, DateTimeOffset startedAt, ArtifactRecorder recorder, CaptureLifetime lifetime, TimeProvider clock)
    {
        var request = new CaptureRequest
        {
            PodCheckpoint = order.AskedBy,
            Target = order.Plan.Target,
            Agent = order.Agent,
            ControllerVersion = order.Plan.ControllerVersion,
            PlannedAt = order.Plan.CreatedAt,
            StartedAt = startedAt,
            Location = location,
            Containers = order.Plan.Containers,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Readable.CaptureRequest);

        await using var patience = clock.CreateTimer(
            _ => lifetime.Stop(
                Reasons.StoreUnreachable,
                $"The store did not take the first object within {LongestWait.TotalSeconds:0} s. Check endpoint, credentials and network."),
            null, LongestWait, Timeout.InfiniteTimeSpan);
        return await recorder.RecordAsync(EvidenceNames.Capture, ArtifactTypes.Capture, null, async (sink, token) =>
        {
            await sink(json, token);
            return ArtifactFindings.Whole;
        });
    }
}
