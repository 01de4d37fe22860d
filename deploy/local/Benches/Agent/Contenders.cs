namespace Forensics.Local;

/// <param name="Line">The shell line that captures a shape.</param>
/// <param name="Daemon">The process that works for it: the container runtime's daemon. Null if none does.</param>
internal sealed record Contender(string Name, Func<Shape, string> Line, int? Daemon)
{
    /// <summary>Bytes that the sink gets of it at least: all of the archive, unless it is compressed or uploaded nowhere.</summary>
    public Func<Shape, long> Stores { get; init; } = shape => shape.ArchiveBytes;
}

/// <summary>Ours, and all that people would do otherwise. All that upload do so to the same sink.</summary>
/// <param name="agent">forensics-agent, the program</param>
/// <param name="sink">The S3 endpoint.</param>
internal sealed class Contenders(LocalCluster cluster, string agent, string zstd, Uri sink)
{
    public const string Ours = "ours-docker";

    // What will be left of an archive nobody knows; but something will.
    private static readonly Func<Shape, long> Something = _ => 1;
    private static readonly Func<Shape, long> Nothing = _ => 0;

    private string Docker => cluster.Docker.Run().ToString();

    private string Aws => $"aws --endpoint-url {sink} s3 cp --quiet";

    private int? Dockerd => cluster.DockerNode.Runtime.ProcessId;

    public IReadOnlyList<Contender> All =>
    [
        new(Ours, shape => Agent(cluster.DockerNode, "docker", cluster.Docker.Socket, shape.Docker, "None"), Dockerd),
        new(
            "ours-containerd",
            shape => Agent(cluster.ContainerdNode, "containerd", cluster.Containerd.Socket, shape.Containerd, "None"),
            cluster.ContainerdNode.Runtime.ProcessId),
        new("ours-docker-zstd", shape => Agent(cluster.DockerNode, "docker", cluster.Docker.Socket, shape.Docker, "Zstd"), Dockerd) { Stores = Something },
        new("upstream", AsUpstreamDid, Dockerd),
        new("pipe-plain", shape => $"{Docker} export {shape.Docker} | {Aws} - s3://bench/export.tar --expected-size {shape.ArchiveBytes}", Dockerd),
        new("pipe-zstd", shape => $"{Docker} export {shape.Docker} | {zstd} -1 -T0 -q | {Aws} - s3://bench/export.tar.zst --expected-size {shape.ArchiveBytes}", Dockerd) { Stores = Something },
        new("tar-zstd", shape => $"{Tar(shape)} | {zstd} -1 -T2 -q | cat > /dev/null", null) { Stores = Nothing },
        new("floor", shape => $"{Tar(shape)} | sha256sum", null) { Stores = Nothing },
    ];

    /// <summary>For every contender's programs.</summary>
    public static string Environment =>
        "export AWS_ACCESS_KEY_ID=bench AWS_SECRET_ACCESS_KEY=bench AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true; ";

    /// <summary>By hand, among the node's own mounts: there are its pods' logs.</summary>
    private string Agent(LocalNode node, string runtime, string socket, string container, string compression) =>
        $"AWS_ENDPOINT_URL_S3={sink} " + node.Within(new CommandLine(
            agent, "capture", "--runtime", runtime, "--runtime-socket", socket, "--container", container,
            "--destination", "s3://bench", "--compression", compression, "--s3-force-path-style"));

    private string AsUpstreamDid(Shape shape) =>
        $"mkdir upstream; {Docker} inspect {shape.Docker} > upstream/inspect.json; {Docker} diff {shape.Docker} > upstream/diff.txt; "
        + $"{Docker} export --output upstream/export.tar {shape.Docker}; for file in upstream/*; do {Aws} $file s3://bench/$file; done; rm -r upstream";

    private string Tar(Shape shape) => cluster.DockerNode.Within(
        new CommandLine("tar", "--create", "--format=pax", "--xattrs", "--acls", "--numeric-owner", $"--directory={shape.Merged}", ".")).ToString();
}
