using Forensics.Agent.Filesystems;
using Forensics.Agent.Filesystems.Linux;
using Forensics.Api;

namespace Forensics.Agent.Runtimes;

/// <summary>Turns the layers that a runtime names, in the host's paths, into a <see cref="RootLocation"/>.</summary>
/// <param name="mounts">What is mounted where in this process's paths; null to ask the kernel.</param>
internal sealed class LayerDirectories(HostLayout layout, Func<MountTable>? mounts = null)
{
    /// <param name="upper">Null if the runtime names none.</param>
    /// <param name="lowers">Topmost first.</param>
    public RootLocation Locate(string driver, string? upper, IEnumerable<string> lowers)
    {
        var mounted = (mounts ?? MountTable.Read)();
        var found = new List<string>();
        foreach (var host in upper is null ? lowers : lowers.Prepend(upper))
        {
            if (Find(driver, host, mounted, out var here) is { } problem)
                return found.Count == 0 ? new RootLocation(null, problem) : LocateOwn(driver, upper, problem);
            found.Add(here);
        }

        return found.Count == 0
            ? RootLocation.Unreachable(Reasons.LayersUnreachable, "The runtime names no layer of the container.")
            : new RootLocation(
                upper is null ? new RootLayers(driver, null, found) : new RootLayers(driver, found[0], found[1..]), null);
    }

    /// <summary>The container's own layer alone, if that can be read, where those below it cannot.</summary>
    /// <param name="problem">What keeps them from being read.</param>
    public RootLocation LocateOwn(string driver, string? upper, RootProblem problem) => new(null, problem)
    {
        OwnLayer = upper is not null && Locate(driver, upper, []).Layers is { } own ? own with { LacksLowers = true } : null,
    };

    /// <returns>Null if the directory is here and can be read.</returns>
    private RootProblem? Find(string driver, string host, MountTable mounted, out string here)
    {
        here = layout.Find(host) ?? "";
        if (here.Length == 0) return NotHere(driver, host);

        // Before it is looked for: that would be asked of the process behind it, which may hang.
        if (mounted.UserSpaceTypeAt(here) is { } type) return InUserSpace(driver, host, type);
        return Directory.Exists(here) ? null : NotHere(driver, host);
    }

    private static RootProblem InUserSpace(string driver, string host, string type) => new(
        Reasons.UnsupportedStorage,
        $"'{EscapedText.Of(driver)}' keeps the layer {EscapedText.Of(host)} on a file system that a process of the node answers for (FUSE, '{EscapedText.Of(type)}'). "
        + "That may hang, or fetch what it does not hold; it is not read.");

    private static RootProblem NotHere(string driver, string host) => new(
        Reasons.LayersUnreachable,
        $"The node's directory {EscapedText.Of(host)}, a layer of '{EscapedText.Of(driver)}', cannot be reached from the agent. "
        + "If the runtime keeps its data elsewhere on this node, say so to the controller by --node-paths.");
}
