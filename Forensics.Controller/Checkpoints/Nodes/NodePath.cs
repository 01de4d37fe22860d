namespace Forensics.Controller.Checkpoints.Nodes;

/// <summary>One <c>--node-paths</c> entry: where nodes of one kind keep one thing, instead of where its profile says.</summary>
internal sealed record NodePath(string Profile, string Thing, string Path)
{
    private static readonly string[] Things = ["socket", "root", "state", "kubelet", "logs"];

    /// <param name="text"><c>PROFILE.THING=/PATH</c>.</param>
    /// <returns>Null, and what is wrong with it, if it is not of the form.</returns>
    public static NodePath? Parse(string text, out string? error)
    {
        error = null;
        var (name, path) = text.Split('=', 2) is [var left, var right] ? (left, right) : (text, "");
        var (profile, thing) = name.Split('.', 2) is [var first, var second] ? (first, second) : (name, "");
        if (NodeProfiles.All.All(known => known.Name != profile))
            error = $"'{text}' is of no known kind of node ({string.Join(", ", NodeProfiles.All.Select(known => known.Name))})";
        else if (!Things.Contains(thing))
            error = $"'{text}' is about none of {string.Join(", ", Things.Select(known => $"{profile}.{known}"))}";
        else if (!IsPlain(path))
            error = $"'{text}' has no absolute path without '..' after its '='";
        return error is null ? new NodePath(profile, thing, path.TrimEnd('/')) : null;
    }

    public NodeProfile Over(NodeProfile profile) => Thing switch
    {
        _ when profile.Name != Profile => profile,
        "socket" => profile with { Socket = Path },
        "root" => profile with { Root = Path },
        "state" => profile with { State = Path },
        "kubelet" => profile with { Kubelet = Path },
        _ => profile with { Logs = Path },
    };

    private static bool IsPlain(string path) => path.Length > 1 && path.StartsWith('/') && !path.Split('/').Contains("..");
}
