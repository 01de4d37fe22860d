using System.Text.Json;
using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Reads where the layers lie out of what GET /containers/ID/json says under GraphDriver.</summary>
internal static class DockerRoot
{
    public static RootLocation Locate(ReadOnlyMemory<byte> inspected, LayerDirectories layers)
    {
        using var document = JsonDocument.Parse(inspected);
        var root = document.RootElement;
        var driver = root.Member("GraphDriver").Member("Name").Text();
        var data = root.Member("GraphDriver").Member("Data");
        if (driver != "overlay2" || data.Member("UpperDir").Text() is not { } upper || data.Member("LowerDir").Text() is not { } lowers)
            return RootLocation.Unreachable(Reasons.UnsupportedStorage, NoOverlay(root, driver));

        var located = layers.Locate(driver, upper, lowers.Split(':'));
        return located.Problem is null
            ? located with { Problem = SandboxedRuntimes.ProblemOf(root.Member("HostConfig").Member("Runtime").Text()) }
            : located;
    }

    // Docker 29 keeps images in containerd unless told otherwise, and then names the snapshotter only.
    private static string NoOverlay(JsonElement root, string? driver)
    {
        var snapshotter = root.Member("Storage").Member("RootFS").Member("Snapshot").Member("Name").Text() ?? driver ?? "none";
        return $"Docker keeps the container by '{EscapedText.Of(snapshotter)}' and does not say in which directories; only those of overlay2 can be read as layers.";
    }
}
