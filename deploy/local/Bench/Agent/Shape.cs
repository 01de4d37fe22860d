namespace Forensics.Local;

/// <summary>A container that is captured, ready and running.</summary>
/// <param name="Container">Its name on the Docker node.</param>
/// <param name="Merged">The directory in which overlayfs shows its file system on this machine.</param>
/// <param name="ArchiveBytes">Length of its <c>docker export</c>.</param>
internal sealed record Shape(string Name, string Container, string Merged, long ArchiveBytes);
