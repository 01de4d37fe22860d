using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Agent.Runtimes;

/// <summary>Where a container's root file system lies, or what keeps it from being read, or both: then what can be read is not all.</summary>
/// <param name="Layers">Null if it cannot be read from here.</param>
/// <param name="Problem">Null if the layers are all there is to it.</param>
internal sealed record RootLocation(RootLayers? Layers, RootProblem? Problem)
{
    /// <summary>The container's own layer, if it can be read although those below it cannot; null if all can, or it cannot either.</summary>
    public RootLayers? OwnLayer { get; init; }

    /// <summary>What tells what the container wrote; null if nothing does.</summary>
    public RootLayers? Written => Layers is { Upper: not null } ? Layers : OwnLayer;

    public static RootLocation Unreachable(string reason, string message) => new(null, new RootProblem(reason, message));
}

/// <param name="Reason">One of <see cref="Api.Reasons"/>: LayersUnreachable, UnsupportedStorage or SandboxedRuntime.</param>
internal sealed record RootProblem(string Reason, string Message);

/// <summary>Directories in paths of this process, which together are the root file system: overlayfs's layers.</summary>
/// <param name="Driver">The runtime's word for what keeps them: overlay2, overlayfs, overlay.</param>
/// <param name="Upper">What the container wrote; null if all is in one directory that does not tell.</param>
/// <param name="Lowers">The image's, topmost first.</param>
internal sealed record RootLayers(string Driver, string? Upper, IReadOnlyList<string> Lowers)
{
    /// <summary>True if overlayfs keeps its marks in <c>user.overlay.*</c> instead of <c>trusted.overlay.*</c> (the mount option userxattr).</summary>
    public bool HasUserMarks { get; init; }

    /// <summary>True if there are layers below that cannot be read.</summary>
    public bool LacksLowers { get; init; }

    public LayeredRoot ToRoot() => new(Upper, Lowers) { HasUserMarks = HasUserMarks, LacksLowers = LacksLowers };
}
