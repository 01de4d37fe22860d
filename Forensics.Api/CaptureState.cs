using System.Text.Json.Serialization;

namespace Forensics.Api;

/// <summary>How far the capture of an artifact or a container came. A manifest never says <see cref="Pending"/> or <see cref="Unknown"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaptureState>))]
public enum CaptureState
{
    Pending,

    /// <summary>Whole.</summary>
    Captured,

    /// <summary>Stored, and something is known to be missing from it; the reason says what.</summary>
    Partial,

    /// <summary>Not stored.</summary>
    Failed,

    /// <summary>Left out by a rule that docs/evidence.md states; never for want of trying.</summary>
    Skipped,

    /// <summary>Nobody has told: the agent's message had no room for it, or never came. The manifest, if there is one, says.</summary>
    Unknown,
}

[JsonConverter(typeof(JsonStringEnumConverter<ContainerKind>))]
public enum ContainerKind
{
    Regular,
    Init,

    /// <summary>An init container that goes on running (restartPolicy Always).</summary>
    Sidecar,
    Ephemeral,

    /// <summary>The runtime's own container that holds the pod's namespaces (the pause container).</summary>
    Sandbox,

    /// <summary>Found at the runtime under the pod's UID, but not in the plan.</summary>
    Unplanned,
}
