using Forensics.Api;
using k8s.Models;

namespace Forensics.Controller.Checkpoints.Nodes;

/// <summary>Decides what of its node an agent is given. Pure.</summary>
internal static class NodeLayouts
{
    /// <param name="podUid">The UID by which the kubelet names the pod's folder.</param>
    public static NodeLayout For(string runtime, V1Node? node, string podUid, IReadOnlyList<NodePath> overrides)
    {
        var profile = ProfileOf(runtime, node, overrides);
        return new NodeLayout
        {
            Profile = profile.Name,
            Socket = profile.Socket,
            Directories =
            [
                Mount(profile.Root, "root"),
                .. Optional(profile.State, "state"),
                .. Optional(profile.Logs, "logs"),
                // The target's alone: beside it lie the Secrets of every other pod.
                new HostMount($"{PodsFolderOf(profile)}/{podUid}", AgentContract.PodDirectory),
            ],
        };
    }

    /// <summary>Where the kubelet keeps the volumes of all pods, Secrets among them.</summary>
    public static string PodsFolder(string runtime, V1Node? node, IReadOnlyList<NodePath> overrides) => PodsFolderOf(ProfileOf(runtime, node, overrides));

    private static NodeProfile ProfileOf(string runtime, V1Node? node, IReadOnlyList<NodePath> overrides)
    {
        var name = NodeProfiles.NameFor(runtime, node);
        return overrides.Aggregate(NodeProfiles.All.First(known => known.Name == name), (so, path) => path.Over(so));
    }

    private static string PodsFolderOf(NodeProfile profile) => $"{profile.Kubelet}/pods";

    private static HostMount Mount(string hostPath, string name) => new(hostPath, $"{AgentContract.HostDirectory}/{name}");

    private static IEnumerable<HostMount> Optional(string hostPath, string name) => hostPath.Length == 0 ? [] : [Mount(hostPath, name)];
}
