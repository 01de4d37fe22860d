using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes;

/// <summary>Turns the layers that a runtime names, in the host's paths, into a <see cref="RootLocation"/>.</summary>
internal sealed class LayerDirectories(HostLayout layout)
{
    /// <param name="upper">Null if the runtime names none.</param>
    /// <param name="lowers">Topmost first.</param>
    public RootLocation Locate(string driver, string? upper, IEnumerable<string> lowers)
    {
        var found = new List<string>();
        foreach (var host in upper is null ? lowers : lowers.Prepend(upper))
        {
            if (layout.Find(host) is not { } here || !Directory.Exists(here)) return NotHere(host);
            found.Add(here);
        }

        return found.Count == 0
            ? RootLocation.Unreachable(Reasons.LayersUnreachable, "The runtime names no layer of the container.")
            : new RootLocation(
                upper is null ? new RootLayers(driver, null, found) : new RootLayers(driver, found[0], found[1..]), null);
    }

    private static RootLocation NotHere(string host) => RootLocation.Unreachable(
        Reasons.LayersUnreachable,
        $"The node's directory {EscapedText.Of(host)} cannot be reached from the agent. If the runtime keeps its data elsewhere on this node, "
        + "say so to the controller by --node-paths.");
}
