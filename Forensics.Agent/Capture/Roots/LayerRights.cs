using Forensics.Agent.Filesystems.Linux;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture.Roots;

/// <summary>Whether this process may see all of the layers that it can reach.</summary>
internal static class LayerRights
{
    /// <summary>Layers whose marks cannot be seen would show what was deleted as if it were there: then there are none.</summary>
    public static RootLocation Checked(RootLocation location) => location.Layers is { HasUserMarks: false } && !ProcessRights.CanSeeTrustedAttributes()
        ? RootLocation.Unreachable(
            Reasons.LayersUnreachable,
            "overlayfs' marks in the layers can only be seen with the capability SYS_ADMIN, which this process has not. Add it and DAC_READ_SEARCH to the agent's container (the deployment's PodTemplate).")
        : location;
}
