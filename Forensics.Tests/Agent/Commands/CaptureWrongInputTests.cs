using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Commands;

/// <summary>What a person reads when a capture by hand cannot work: one line at the end that says what to do, no stack trace,
/// and the exit code that --help promises.</summary>
[Category("Cluster")]
public sealed class CaptureWrongInputTests
{
    private static string Bucket => $"s3://{RealCluster.Bucket}/wrong-input";

    [TestCase("no-such-container", "docker holds no container 'no-such-container'. 'docker ps -a' lists those that it does.")]
    [TestCase("../../info", "'../../info' is no name or id of a container.")]
    [TestCase("..", "'..' is no name or id of a container.")]
    [TestCase("", "'' is no name or id of a container.")]
    [TestCase("a\u001b[31mb", "'a\\033[31mb' is no name or id of a container.")]
    public async Task A_container_that_is_none(string container, string message)
    {
        var end = await AgentProcess.CaptureAsync(container, Bucket);

        end.ExitCode.Should().Be(2);
        end.Error.Should().Equal($"forensics-agent: {message}");
        end.Output.Should().BeEmpty();
    }

    [TestCase("s3://Bad_Bucket", "s3://bucket[/prefix].")]
    [TestCase("s3:/bucket", "s3://bucket[/prefix]. For a directory of this host say file:///directory.")]
    [TestCase("https://bucket/x", "s3://bucket[/prefix]. For a directory of this host say file:///directory.")]
    [TestCase("file://host/directory", "s3://bucket[/prefix]. For a directory of this host say file:///directory.")]
    [TestCase("relative/directory", "s3://bucket[/prefix]. For a directory of this host say file:///directory.")]
    [TestCase("file:///directory?versions", "file:///directory.")]
    [TestCase("file:///directory#part", "file:///directory.")]
    public async Task A_destination_that_is_malformed(string destination, string form)
    {
        var end = await AgentProcess.CaptureAsync("any", destination);

        end.ExitCode.Should().Be(2);
        end.Error.Should().Equal($"forensics-agent: The destination '{destination}' is not of the form {form}");
    }

    [Test]
    public async Task A_subpath_that_leads_out()
    {
        var end = await AgentProcess.CaptureAsync("any", Bucket, null, "--subpath", "../other");

        end.ExitCode.Should().Be(2);
        end.Error.Should().Equal("forensics-agent: Destination and subpath must not hold '.' or '..' as a segment.");
    }

    [Test]
    public async Task A_socket_that_nobody_serves()
    {
        using var agent = AgentProcess.Start(
            ["capture", "--container", "any", "--destination", Bucket, "--runtime-socket", "/nonexistent/docker.sock"]);
        var end = await agent.EndAsync();

        end.ExitCode.Should().Be(1);
        end.LastError.Should().Be(
            "forensics-agent: The Docker daemon cannot be reached at /nonexistent/docker.sock: there is no such file. "
            + "Check that the daemon runs and that this is its socket.");
    }

    [Test]
    public async Task A_bucket_that_does_not_exist()
    {
        var end = await FailedAsync("s3://no-such-bucket-anywhere");

        end.LastError.Should().EndWith(
            "BucketNotFound: The bucket 'no-such-bucket-anywhere' does not exist. Create it, or correct the destination. Nothing was read of the pod.");
    }

    [Test]
    public async Task Credentials_that_may_do_nothing()
    {
        var end = await FailedAsync(Bucket, new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = RealCluster.Descriptor.S3Keys.RestrictedAccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = RealCluster.Descriptor.S3Keys.RestrictedSecretKey,
        });

        end.LastError.Should().Match($"*AccessDenied: The store refused to write *capture.json into '{RealCluster.Bucket}'*s3:PutObject*");
    }

    [Test]
    public async Task No_credentials_at_all()
    {
        var end = await FailedAsync(Bucket, new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = null,
            ["AWS_SECRET_ACCESS_KEY"] = null,
        });

        end.LastError.Should().Match("*AccessDenied: No AWS credentials could be had*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY*");
    }

    [Test]
    public async Task An_endpoint_that_nobody_serves()
    {
        // The discard port, which nobody serves any more.
        var end = await FailedAsync(Bucket, new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:9" });

        end.LastError.Should().Match("*StoreUnreachable: The store http://127.0.0.1:9/ cannot be reached: Connection refused*AWS_ENDPOINT_URL_S3*");
    }

    [TestCase("AWS_ENDPOINT_URL_S3", "not an address", "*StoreFailed: S3 is not set up: *not an address. Set AWS_REGION*")]
    [TestCase("AWS_REGION", "no such/region", "*StoreFailed: S3 is not set up: *no such/region*Set AWS_REGION*")]
    public async Task S3_that_is_not_set_up(string variable, string value, string message)
    {
        var end = await FailedAsync(Bucket, new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = null, [variable] = value });

        end.LastError.Should().Match(message);
    }

    [Test]
    public async Task A_directory_that_cannot_be_made()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "file"), "in the way");

        var end = await FailedAsync($"file://{folder.Path}/file");

        end.LastError.Should().Match($"*StoreFailed: {folder.Path}/file/* cannot be written: *. Choose another directory, or make room there.*");
    }

    /// <summary>The container exists, the store does not take it.</summary>
    private static async Task<AgentEnd> FailedAsync(string destination, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var container = await DockerContainer.RunToEndAsync("true");
        var end = await AgentProcess.CaptureAsync(container.Name, destination, environment);
        end.ExitCode.Should().Be(1, end.ToString());
        end.Output.Should().BeEmpty("there is no evidence to point to");
        end.Error.Should().NotContain(line => line.StartsWith("   at ", StringComparison.Ordinal), "no stack trace is for people");
        return end;
    }
}
