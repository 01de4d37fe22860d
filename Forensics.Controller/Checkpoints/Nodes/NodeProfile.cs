namespace Forensics.Controller.Checkpoints.Nodes;

/// <summary>Where one kind of node keeps what a capture reads, in the node's own paths.</summary>
internal sealed record NodeProfile(string Name)
{
    /// <summary>The runtime's socket.</summary>
    public required string Socket { get; init; }

    /// <summary>Images and layers.</summary>
    public required string Root { get; init; }

    /// <summary>What lives as long as the runtime's process; empty for Docker, which has it all below <see cref="Root"/>.</summary>
    public string State { get; init; } = "";

    /// <summary>The kubelet's root, with the pods' volumes.</summary>
    public string Kubelet { get; init; } = "/var/lib/kubelet";

    /// <summary>The pods' log files; empty for Docker, whose daemon is asked.</summary>
    public string Logs { get; init; } = "";
}
