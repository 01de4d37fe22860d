using Forensics.Api;

namespace Forensics.Agent.Runtimes;

/// <summary>What the agent asks of a node's container runtime; it only ever reads. Every failure is a
/// <see cref="RuntimeException"/>, also while a stream is read: a stream that ends without one was sent whole, and one that
/// brings no byte for the stall time fails. Calls that may pass the next time have been retried; streams never are.</summary>
internal interface IContainerRuntime : IDisposable
{
    /// <summary>docker, containerd or cri-o, as in a container id's scheme.</summary>
    string Name { get; }

    Task<RuntimeIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Every container, running or not, that the runtime holds for the pod.</summary>
    /// <param name="podUid">As in the label io.kubernetes.pod.uid.</param>
    Task<IReadOnlyList<HeldContainer>> ListPodAsync(string podUid, CancellationToken cancellationToken);

    Task<InspectedContainer> InspectAsync(string id, CancellationToken cancellationToken);

    /// <summary>How the container's image was made, as the runtime has it: a JSON array.</summary>
    Task<ReadOnlyMemory<byte>> ReadHistoryAsync(InspectedContainer container, CancellationToken cancellationToken);

    /// <summary>Where the container's root file system lies on this node, as directories that can be read. Never throws for what
    /// this runtime or its storage cannot do: the answer then says what was met.</summary>
    Task<RootLocation> LocateRootAsync(InspectedContainer container, CancellationToken cancellationToken);

    /// <summary>Standard output and error in the CRI's log format, in pieces. A piece is valid until the next.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogsAsync(InspectedContainer container, CancellationToken cancellationToken);

    /// <summary>The runtime's own reading of root file systems; null where it has none, as in the CRI.</summary>
    IRuntimeExport? Export { get; }
}

/// <summary>What <c>docker diff</c> and <c>docker export</c> give.</summary>
internal interface IRuntimeExport
{
    /// <summary>What the container changed against its image, in the runtime's order.</summary>
    IAsyncEnumerable<FileChange> DiffAsync(string id, CancellationToken cancellationToken);

    /// <summary>The root file system as a tar archive.</summary>
    Task<Stream> OpenAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A container as the runtime's list has it.</summary>
internal sealed record HeldContainer(string Id, string? Name, bool IsSandbox, string? Image, string? ImageId);

/// <summary>A container as the runtime describes it.</summary>
internal sealed record InspectedContainer
{
    public required string Id { get; init; }

    /// <summary>The runtime's own JSON, byte for byte; of the CRI, which has none, what crictl would print.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>What the runtime's own client prints, which is what is stored: Docker's prints an array.</summary>
    public required ReadOnlyMemory<byte> Printed { get; init; }
    public string Name { get; init; } = "";
    public string? Image { get; init; }
    public string? ImageId { get; init; }
    public bool HasTerminal { get; init; }
    public string? LogDriver { get; init; }

    /// <summary>The node's file that the CRI's log is written to; empty if it has none.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>The node's directory that the container has as /dev/shm; null if it has none of its own that the node sees.</summary>
    public string? SharedMemory { get; init; }

    /// <summary>Null if it has none of its own, or the runtime does not say.</summary>
    public UserNamespace? UserNamespace { get; init; }

    /// <summary>True for what holds the pod's namespaces.</summary>
    public bool IsSandbox { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

internal enum ChangeKind
{
    Changed,
    Added,
    Deleted,
}

/// <param name="Path">Absolute, unescaped: an attacker chose it.</param>
internal readonly record struct FileChange(ChangeKind Kind, string Path);
