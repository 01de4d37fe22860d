using Forensics.Local;

namespace Forensics.Tests.Local;

/// <summary>The cluster itself, so that a failure of the tests that stand on it can be told from one of ours.</summary>
[Category("Cluster")]
public sealed class LocalClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly LocalCluster _cluster = LocalCluster.FromEnvironment();

    [Test]
    public async Task Both_nodes_are_ready()
    {
        var nodes = await KubectlAsync("get", "nodes", "--no-headers");

        nodes.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2])
            .Should().BeEquivalentTo((string[][])[[LocalNodes.Docker, "Ready"], [LocalNodes.Containerd, "Ready"]]);
    }

    [Test]
    public async Task Bringing_it_up_again_starts_nothing()
    {
        var before = _cluster.Daemons.Select(daemon => (daemon.Name, daemon.ProcessId)).ToList();
        using var output = new StringWriter();

        await _cluster.UpAsync(new Progress(output, TimeProvider.System), CancellationToken.None);

        _cluster.Daemons.Select(daemon => (daemon.Name, daemon.ProcessId)).Should().Equal(before);
        output.ToString().Should().Contain("Cluster: up");
    }

    [Test]
    public async Task The_store_gives_back_what_it_was_given()
    {
        using var folder = new TemporaryFolder();
        var there = Path.Combine(folder.Path, "there");
        var back = Path.Combine(folder.Path, "back");
        await File.WriteAllTextAsync(there, "evidence");
        var store = new S3Client(_cluster.Descriptor.S3Keys);
        var bucket = _cluster.Descriptor.S3Bucket;
        var key = $"local-cluster-tests/{Guid.NewGuid():N}";

        await Command.RunAsync(store.Run("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", there), CancellationToken.None);
        await Command.RunAsync(store.Run("s3api", "get-object", "--bucket", bucket, "--key", key, back), CancellationToken.None);
        await Command.RunAsync(store.Run("s3api", "delete-object", "--bucket", bucket, "--key", key), CancellationToken.None);

        (await File.ReadAllTextAsync(back)).Should().Be("evidence");
    }

    [Test]
    public async Task The_restricted_user_may_not_read_the_bucket()
    {
        var keys = _cluster.Descriptor.S3Keys;
        var restricted = new S3Client(keys with { AccessKey = keys.RestrictedAccessKey, SecretKey = keys.RestrictedSecretKey });

        var answer = await Command.TryAsync(
            restricted.Run("s3api", "head-bucket", "--bucket", _cluster.Descriptor.S3Bucket), CancellationToken.None);

        answer.Error.Should().Contain("(403)");
    }

    [TestCase(LocalNodes.Docker)]
    [TestCase(LocalNodes.Containerd)]
    public async Task A_pod_runs_and_its_output_can_be_read(string node)
    {
        var name = $"hello-{Guid.NewGuid():N}";
        await Command.RunAsync(_cluster.Kubectl("apply", "-f", "-"), CancellationToken.None, Manifest(name, node));
        try
        {
            var said = await Deadline.WaitAsync(
                async token => (await Command.TryAsync(_cluster.Kubectl("logs", name), token)).Output == "hello\n",
                Limit, TimeProvider.System, CancellationToken.None);

            said.Should().BeTrue();
            (await KubectlAsync("exec", name, "--", "cat", "/greeting")).Should().Be("hello\n");
        }
        finally
        {
            await KubectlAsync("delete", "pod", name, "--grace-period=0", "--force");
        }
    }

    private Task<string> KubectlAsync(params string[] arguments) =>
        Command.RunAsync(_cluster.Kubectl(arguments), CancellationToken.None);

    private static string Manifest(string name, string node) => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          namespace: default
        spec:
          hostNetwork: true
          nodeName: {{node}}
          restartPolicy: Never
          containers:
          - name: hello
            image: {{LocalImages.Busybox}}
            imagePullPolicy: Never
            command: [sh, -c, "echo hello | tee /greeting; exec sleep 600"]
        """;
}
