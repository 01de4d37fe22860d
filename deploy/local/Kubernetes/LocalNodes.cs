namespace Forensics.Local;

/// <summary>The names of the two nodes.</summary>
internal static class LocalNodes
{
    public const string Docker = "docker-node";
    public const string Containerd = "containerd-node";
}
