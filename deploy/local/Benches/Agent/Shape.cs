namespace Forensics.Local;

/// <summary>The same file system as a container on each node, ready and running.</summary>
/// <param name="Docker">Name of the Docker node's container.</param>
/// <param name="Containerd">Id of the containerd node's container.</param>
/// <param name="Merged">The directory in which overlayfs shows the Docker node's one, in that node's own mounts.</param>
/// <param name="ArchiveBytes">Length of its <c>docker export</c>.</param>
internal sealed record Shape(string Name, string Docker, string Containerd, string Merged, long ArchiveBytes);
