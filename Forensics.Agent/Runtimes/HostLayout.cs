using Forensics.Api;

namespace Forensics.Agent.Runtimes;

/// <summary>Finds the host's paths, which is what a runtime speaks of, in this process's own file system.</summary>
/// <param name="mounts">Host directories and where they are mounted here; none if this process sees the host's own paths.</param>
internal sealed class HostLayout(IReadOnlyList<HostMount> mounts)
{
    /// <summary>For an agent that runs on the host itself.</summary>
    public static readonly HostLayout Direct = new([]);

    /// <summary>Null if no mount shows that path.</summary>
    public string? Find(string hostPath)
    {
        if (!IsPlain(hostPath)) return null;
        if (mounts.Count == 0) return hostPath;
        var nearest = mounts.Where(mount => IsBelow(hostPath, mount.HostPath)).MaxBy(mount => mount.HostPath.Length);
        return nearest is null ? null : nearest.Path + hostPath[nearest.HostPath.Length..];
    }

    // Nothing is looked for that a ".." could lead elsewhere.
    private static bool IsPlain(string path) => path.StartsWith('/') && !path.Split('/').Contains("..");

    private static bool IsBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');
}
