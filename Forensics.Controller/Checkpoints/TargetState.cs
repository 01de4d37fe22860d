using k8s.Models;

namespace Forensics.Controller.Checkpoints;

/// <summary>What became of looking for the target: it can be captured, or not yet, or never.</summary>
internal abstract record TargetState
{
    private TargetState()
    {
    }

    /// <param name="Runtime">docker, containerd or cri-o.</param>
    /// <param name="Claimed">What the claims of the volumes that are asked for are bound to, by volume.</param>
    public sealed record Ready(
        TargetPod Found, V1Node Node, string Runtime, IReadOnlyDictionary<string, V1PersistentVolume> Claimed) : TargetState;

    /// <summary>To be looked at again, until the target's timeout makes the trouble final.</summary>
    public sealed record NotYet(Trouble Trouble) : TargetState;

    public sealed record Never(Trouble Trouble) : TargetState;
}
