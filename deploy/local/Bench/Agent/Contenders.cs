namespace Forensics.Local;

/// <param name="Line">The shell line that captures a shape.</param>
internal sealed record Contender(string Name, Func<Shape, string> Line);

/// <summary>Ours, and all that people would do otherwise. All that upload do so to the same sink.</summary>
/// <param name="agent">forensics-agent.dll</param>
/// <param name="sink">The S3 endpoint.</param>
internal sealed class Contenders(LocalCluster cluster, string agent, string zstd, Uri sink)
{
    public const string Ours = "ours-docker";
    public const string OursZstd = "ours-docker-zstd";
    public const string Upstream = "upstream";
    public const string PipePlain = "pipe-plain";
    public const string PipeZstd = "pipe-zstd";
    public const string TarZstd = "tar-zstd";
    public const string Floor = "floor";

    private string Docker => cluster.Docker.Run().ToString();

    private string Aws => $"aws --endpoint-url {sink} s3 cp --quiet";

    public IReadOnlyList<Contender> All =>
    [
        new(Ours, shape => Agent(shape, "None")),
        new(OursZstd, shape => Agent(shape, "Zstd")),
        new(Upstream, shape => $"mkdir upstream; {Docker} inspect {shape.Container} > upstream/inspect.json; {Docker} diff {shape.Container} > upstream/diff.txt; "
            + $"{Docker} export --output upstream/export.tar {shape.Container}; for file in upstream/*; do {Aws} $file s3://bench/$file; done; rm -r upstream"),
        new(PipePlain, shape => $"{Docker} export {shape.Container} | {Aws} - s3://bench/export.tar --expected-size {shape.ArchiveBytes}"),
        new(PipeZstd, shape => $"{Docker} export {shape.Container} | {zstd} -1 -T0 -q | {Aws} - s3://bench/export.tar.zst --expected-size {shape.ArchiveBytes}"),
        new(TarZstd, shape => $"{Tar(shape)} | {zstd} -1 -T2 -q | cat > /dev/null"),
        new(Floor, shape => $"{Tar(shape)} | sha256sum"),
    ];

    /// <summary>For every contender's programs.</summary>
    public static string Environment =>
        "export AWS_ACCESS_KEY_ID=bench AWS_SECRET_ACCESS_KEY=bench AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true; ";

    private string Agent(Shape shape, string compression) =>
        $"AWS_ENDPOINT_URL_S3={sink} {DotnetRuntime.Find().Program} {agent} capture --runtime-socket {cluster.Docker.Socket} "
        + $"--container {shape.Container} --destination s3://bench --compression {compression} --s3-force-path-style";

    private static string Tar(Shape shape) => $"tar --create --format=pax --xattrs --acls --numeric-owner --directory={shape.Merged} .";
}
