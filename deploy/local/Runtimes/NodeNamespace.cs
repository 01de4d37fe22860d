namespace Forensics.Local;

/// <summary>
/// The mount namespace that a node's runtime and kubelet share, held open by a process that only sleeps. It is what
/// makes two nodes of one machine: a kubelet keeps its pods' logs in /var/log/pods, whatever its root folder, and
/// removes the logs of pods that are not its own. Here each node has its own /var/log/pods. Mounts within are shared,
/// so that HostToContainer works on any machine, and vanish with the last process of the node.
/// </summary>
internal sealed class NodeNamespace
{
    // Private first, so that nothing comes back to the machine; then shared among the node's own containers.
    private const string Enter = """
        mount --make-rprivate / && mount --make-rshared / &&
        mkdir -p /var/log/pods /var/log/containers "$0/pods" "$0/containers" &&
        mount --bind "$0/pods" /var/log/pods && mount --bind "$0/containers" /var/log/containers &&
        touch "$1" && exec sleep infinity
        """;

    private readonly string _logs;
    private readonly string _ready;

    public NodeNamespace(string node, LocalPaths paths, TimeProvider time)
    {
        _logs = paths.StateOf(node, "var-log");
        _ready = Path.Combine(paths.RunOf(node), "ready");
        Holder = new Daemon(node + "-namespace", paths, time, HolderCommand, _ => Task.FromResult(File.Exists(_ready)));
    }

    public Daemon Holder { get; }

    /// <summary>What the node sees as /var/log/pods.</summary>
    public string PodLogs => Path.Combine(_logs, "pods");

    /// <summary>The same program, started within the node.</summary>
    public CommandLine Within(CommandLine command) => command with
    {
        Program = "/usr/bin/nsenter",
        Arguments = [$"--mount=/proc/{Holder.ProcessId}/ns/mnt", "--", command.Program, .. command.Arguments],
    };

    private CommandLine HolderCommand()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_ready)!);
        File.Delete(_ready);
        return new CommandLine("/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", Enter, _logs, _ready);
    }
}
