namespace Forensics.Api;

/// <summary>Why a PodCheckpoint, a container or an artifact is where it is. People's scripts match these: never rename one.
/// Each is explained in the README's table ("it says Failed, what now").</summary>
public static class Reasons
{
    public const string Captured = "Captured";

    // Decided by the controller before anything is read.
    public const string NotFound = "NotFound";
    public const string InvalidSpec = "InvalidSpec";
    public const string DestinationNotAllowed = "DestinationNotAllowed";
    public const string UnsupportedRuntime = "UnsupportedRuntime";
    public const string TargetNotStarted = "TargetNotStarted";
    public const string NodeNotReady = "NodeNotReady";

    /// <summary>No end: why a capture waits while as many agents work as the limits allow.</summary>
    public const string Queued = "Queued";

    // Decided by the controller from the Job and its pod.
    public const string NameTaken = "NameTaken";
    public const string AgentTemplateMissing = "AgentTemplateMissing";
    public const string AgentTemplateInvalid = "AgentTemplateInvalid";
    public const string AgentRejected = "AgentRejected";
    public const string AgentUnschedulable = "AgentUnschedulable";
    public const string AgentImageNotPulled = "AgentImageNotPulled";
    public const string AgentMountFailed = "AgentMountFailed";
    public const string AgentNotStarted = "AgentNotStarted";
    public const string AgentReplaced = "AgentReplaced";
    public const string JobDeleted = "JobDeleted";
    public const string DeadlineExceeded = "DeadlineExceeded";
    public const string OutcomeUnknown = "OutcomeUnknown";
    public const string SpecChanged = "SpecChanged";

    /// <summary>Of a container alone: the agent's message had no room for it.</summary>
    public const string SeeManifest = "SeeManifest";

    // Decided by the agent.
    public const string Incomplete = "Incomplete";
    public const string ContainerGone = "ContainerGone";
    public const string NotStarted = "NotStarted";
    public const string BucketNotFound = "BucketNotFound";
    public const string AccessDenied = "AccessDenied";
    public const string StoreUnreachable = "StoreUnreachable";
    public const string StoreFailed = "StoreFailed";
    public const string ObjectExists = "ObjectExists";
    public const string RuntimeUnreachable = "RuntimeUnreachable";
    public const string RuntimeFailed = "RuntimeFailed";
    public const string StreamTruncated = "StreamTruncated";
    public const string EntriesMissing = "EntriesMissing";
    public const string LogsUnavailable = "LogsUnavailable";
    public const string ImageGone = "ImageGone";
    public const string VolumeNotCollected = "VolumeNotCollected";
    public const string VolumeReleased = "VolumeReleased";
    public const string VolumeUnreachable = "VolumeUnreachable";
    public const string LayersUnreachable = "LayersUnreachable";
    public const string UnsupportedStorage = "UnsupportedStorage";
    public const string SandboxedRuntime = "SandboxedRuntime";
    public const string MetadataTruncated = "MetadataTruncated";
    public const string InstanceRemoved = "InstanceRemoved";
    public const string AgentFailed = "AgentFailed";
    public const string Cancelled = "Cancelled";
    public const string InvalidPlan = "InvalidPlan";

    /// <summary>Those that a Failed PodCheckpoint can have. The others are of a container or an artifact alone.</summary>
    public static IReadOnlyList<string> OfFailedCaptures { get; } =
    [
        NotFound, InvalidSpec, DestinationNotAllowed, UnsupportedRuntime, TargetNotStarted, NodeNotReady,
        NameTaken, AgentTemplateMissing, AgentTemplateInvalid, AgentRejected, AgentUnschedulable, AgentImageNotPulled,
        AgentMountFailed, AgentNotStarted, AgentReplaced, JobDeleted, DeadlineExceeded, OutcomeUnknown, SpecChanged,
        Incomplete, ContainerGone, BucketNotFound, AccessDenied, StoreUnreachable, StoreFailed, ObjectExists,
        RuntimeUnreachable, Cancelled, InvalidPlan,
    ];
}
