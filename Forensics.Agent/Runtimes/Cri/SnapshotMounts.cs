using Forensics.Agent.Filesystems;
using Forensics.Agent.Runtimes.Cri.Protos;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>Reads the mounts that a containerd snapshotter would make: an overlay of directories, or one directory alone.</summary>
internal static class SnapshotMounts
{
    public static RootLocation Locate(string snapshotter, IReadOnlyList<SnapshotMount> mounts, LayerDirectories layers) => mounts switch
    {
        [{ Type: "overlay" } overlay] => OfOverlay(snapshotter, overlay.Options, layers),
        // An image without layers: the only directory is the one that the container writes to.
        [{ Type: "bind" } bind] when snapshotter == "overlayfs" => layers.Locate(snapshotter, bind.Source, []),
        [{ Type: "bind" } bind] => layers.Locate(snapshotter, null, [bind.Source]),
        // A program that makes the mount (fuse-overlayfs) has the directories that overlayfs would have, and marks of its own in them.
        [var other] => layers.LocateOwn(snapshotter, UpperIn(other.Options), Other(snapshotter, mounts)),
        _ => new RootLocation(null, Other(snapshotter, mounts)),
    };

    private static RootProblem Other(string snapshotter, IReadOnlyList<SnapshotMount> mounts) => new(
        Reasons.UnsupportedStorage,
        $"The snapshotter '{EscapedText.Of(snapshotter)}' keeps the container as {Types(mounts)}; only overlayfs' directories can be read as layers.");

    private static RootLocation OfOverlay(string snapshotter, IReadOnlyList<string> options, LayerDirectories layers)
    {
        var located = layers.Locate(snapshotter, UpperIn(options), Values(options, "lowerdir=").SelectMany(SplitLowers));
        var hasUserMarks = options.Contains("userxattr");
        return located with { Layers = Marked(located.Layers, hasUserMarks), OwnLayer = Marked(located.OwnLayer, hasUserMarks) };
    }

    private static RootLayers? Marked(RootLayers? layers, bool inUserAttributes) => layers is null ? null : layers with { HasUserMarks = inUserAttributes };

    private static string? UpperIn(IReadOnlyList<string> options) => Values(options, "upperdir=").FirstOrDefault();

    private static IEnumerable<string> Values(IReadOnlyList<string> options, string name) =>
        options.Where(option => option.StartsWith(name, StringComparison.Ordinal)).Select(option => option[name.Length..]);

    // The kernel's form: a colon within a path has a backslash before it.
    private static IEnumerable<string> SplitLowers(string lowers) =>
        lowers.Replace(@"\:", "\0", StringComparison.Ordinal).Split(':').Select(path => path.Replace('\0', ':'));

    private static string Types(IReadOnlyList<SnapshotMount> mounts) =>
        mounts.Count == 0 ? "no mount at all" : string.Join(", ", mounts.Select(mount => $"'{EscapedText.Of(mount.Type)}'").Distinct());
}
