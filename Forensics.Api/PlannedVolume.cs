namespace Forensics.Api;

/// <summary>A volume of the pod's spec.</summary>
public sealed record PlannedVolume
{
    /// <summary>What a PodCheckpoint may ask for by name. Every other kind but emptyDir, which always is, is never captured.</summary>
    public static IReadOnlyList<string> KindsToAskFor { get; } = ["persistentVolumeClaim", "ephemeral", "hostPath"];

    public string Name { get; init; } = "";

    /// <summary>The field of the pod's spec that says what it is: emptyDir, secret, hostPath and so on.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The node's directory with its content; null if that is not captured.</summary>
    public string? HostPath { get; init; }

    /// <summary>True for an emptyDir that is kept in the node's memory.</summary>
    public bool IsInMemory { get; init; }

    /// <summary>True if the pod had ended, so that the kubelet may have removed the content already.</summary>
    public bool IsReleased { get; init; }
}
