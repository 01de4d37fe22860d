namespace Forensics.Agent.Filesystems.Layers;

/// <summary>A root file system as the node keeps it: directories that overlayfs lays over each other, to be read without a mount.</summary>
internal sealed record LayeredRoot
{
    /// <param name="upper">The layer that the container writes to: an absolute path, as the agent sees it. Null if there is none.</param>
    /// <param name="lower">The image's layers, top first (the order of the mount option <c>lowerdir</c>).</param>
    /// <exception cref="LayerException">There is no layer, or a path is not absolute.</exception>
    public LayeredRoot(string? upper, IReadOnlyList<string> lower)
    {
        Upper = upper;
        Layers = upper is null ? [.. lower] : [upper, .. lower];
        if (Layers.Count == 0) throw new LayerException("The container's file system has no layers.");
        if (Layers.FirstOrDefault(layer => !layer.StartsWith('/')) is { } relative)
            throw new LayerException($"The layer '{EscapedText.Of(relative)}' is no absolute path.");
    }

    public string? Upper { get; }

    /// <summary>All of them, top first, the upper among them. A single one is a plain directory, in which nothing is overlayfs' mark, unless it
    /// <see cref="LacksLowers"/>.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>True if the mount options say <c>userxattr</c>: overlayfs then keeps its marks in <c>user.overlay.*</c>. Otherwise
    /// these are ordinary attributes that anyone may set, and the marks are in <c>trusted.overlay.*</c>.</summary>
    public bool HasUserMarks { get; init; }

    /// <summary>True if there are layers below that are not given. A single layer is then no plain directory: its marks are overlayfs', and a file
    /// whose content lies below is told rather than taken for one of zeros.</summary>
    public bool LacksLowers { get; init; }

    /// <summary>A directory that is not layered: a volume, say.</summary>
    public static LayeredRoot Plain(string directory) => new(null, [directory]);
}
