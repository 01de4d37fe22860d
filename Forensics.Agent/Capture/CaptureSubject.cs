using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>One container instance to be captured: planned, or found at the runtime under the pod's UID.</summary>
/// <param name="Id">Null if it never started.</param>
/// <param name="Previous">The instance before the current one.</param>
internal sealed record CaptureSubject(
    string Name, ContainerKind Kind, string? Id, bool Previous, string? Image, string? ImageId);
