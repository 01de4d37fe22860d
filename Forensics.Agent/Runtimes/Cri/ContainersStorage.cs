using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>containers/storage, in which CRI-O keeps containers: <c>overlay/LAYER/{diff,merged,lower}</c>, where the file
/// <c>lower</c> lists the layers below, topmost first, by links <c>l/SHORT</c> to <c>../LAYER/diff</c>.</summary>
internal sealed class ContainersStorage(HostLayout layout)
{
    private const string Driver = "overlay";
    private const string Merged = "/merged";
    private readonly LayerDirectories _layers = new(layout);

    /// <param name="root">As the OCI runtime was given it, in the host's paths: <c>…/overlay/LAYER/merged</c>.</param>
    public RootLocation Locate(string root)
    {
        var layer = root.EndsWith(Merged, StringComparison.Ordinal) ? root[..^Merged.Length] : "";
        var store = Path.GetDirectoryName(layer);
        if (Path.GetFileName(store) != Driver)
        {
            return RootLocation.Unreachable(
                Reasons.UnsupportedStorage,
                $"The runtime keeps the container at {EscapedText.Of(root)}; only containers/storage's overlay driver can be read as layers.");
        }

        // Kept on the store for good once a program has mounted from it.
        if (layout.Find(store + "/.has-mount-program") is { } flag && File.Exists(flag) && File.ReadAllText(flag).Trim() == "true")
        {
            return _layers.LocateOwn(Driver, layer + "/diff", new RootProblem(
                Reasons.UnsupportedStorage,
                $"The storage {EscapedText.Of(store!)} is mounted by a program in user space (mount_program, as a rule fuse-overlayfs), which has marks of its own in the layers."));
        }

        return layout.Find(layer) is { } here && Directory.Exists(here)
            ? OfLayer(store!, layer, here)
            : _layers.Locate(Driver, layer + "/diff", []); // Which says that it is not here.
    }

    private RootLocation OfLayer(string store, string layer, string here)
    {
        var lowers = new List<string>();
        foreach (var link in LinksIn(Path.Combine(here, "lower")))
        {
            if (TargetOf(store, link) is not { } lower)
            {
                return _layers.LocateOwn(Driver, layer + "/diff", new RootProblem(
                    Reasons.LayersUnreachable, $"The layer {EscapedText.Of($"{store}/{link}")} cannot be reached from the agent; it may be in another image store."));
            }

            if (layout.Find(lower + "/composefs-data") is { } composed && Directory.Exists(composed))
            {
                return _layers.LocateOwn(Driver, layer + "/diff", new RootProblem(
                    Reasons.UnsupportedStorage, $"The layer {EscapedText.Of(lower)} is kept as a composefs image, which is no directory."));
            }

            lowers.Add(lower + "/diff");
        }

        return _layers.Locate(Driver, layer + "/diff", lowers);
    }

    private static string[] LinksIn(string file) =>
        File.Exists(file) ? File.ReadAllText(file).Trim().Split(':', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>The layer's folder on the host. The link is read, never followed.</summary>
    private string? TargetOf(string store, string link) =>
        layout.Find($"{store}/{link}") is { } here && new FileInfo(here).LinkTarget is { } target && target.Split('/') is ["..", var layer, "diff"]
            ? $"{store}/{layer}"
            : null;
}
