namespace Forensics.Api;

/// <summary>A request to capture one pod. Its JSON is what the API server stores; the CRD in deploy/crd is held against
/// these types by a test.</summary>
public sealed record PodCheckpoint
{
    public string ApiVersion { get; init; } = ForensicsApi.GroupVersion;
    public string Kind { get; init; } = ForensicsApi.Kind;
    public ResourceMeta Metadata { get; init; } = new();
    public PodCheckpointSpec Spec { get; init; } = new();
    public PodCheckpointStatus? Status { get; init; }
}
