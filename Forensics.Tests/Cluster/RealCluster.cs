using Amazon.S3;
using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>The one-machine cluster as its users see it: kubectl, docker, S3.</summary>
internal static class RealCluster
{
    public const string WorkerNamespace = "forensics-workers";
    public const string SystemNamespace = "forensics-system";
    public const string ControllerDeployment = "deployment/forensics-controller-manager";

    /// <summary>For whatever the cluster does by itself; a limit, which costs nothing where all is well. A kubelet cleans up after
    /// containers once a minute and tells so within ten seconds more: from 10 to more than 60 seconds were seen for a pod to go.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static LocalCluster Local { get; } = LocalCluster.FromEnvironment();

    public static ClusterDescriptor Descriptor => Local.Descriptor;

    public static string Bucket => Descriptor.S3Bucket;

    /// <summary>What kubectl prints, without the newline at its end.</summary>
    public static async Task<string> KubectlAsync(params string[] arguments) =>
        (await Command.RunAsync(Local.Kubectl(arguments), CancellationToken.None)).TrimEnd('\n');

    public static Task<CommandResult> TryKubectlAsync(params string[] arguments) =>
        Command.TryAsync(Local.Kubectl(arguments), CancellationToken.None);

    public static Task<string> ApplyAsync(string yaml) =>
        Command.RunAsync(Local.Kubectl("apply", "-f", "-"), CancellationToken.None, yaml);

    public static Task<string> DockerAsync(params string[] arguments) => Command.RunAsync(
        new CommandLine(Descriptor.DockerClient, ["-H", $"unix://{Descriptor.DockerSocket}", .. arguments]), CancellationToken.None);

    public static AmazonS3Client S3() => new(
        Descriptor.S3Keys.AccessKey,
        Descriptor.S3Keys.SecretKey,
        new AmazonS3Config
        {
            ServiceURL = Descriptor.S3Endpoint.ToString(),
            AuthenticationRegion = Descriptor.S3Region,
            ForcePathStyle = true,
        });

    /// <summary>Polls until the condition holds; fails the test, with what was seen last, if it does not in time.</summary>
    public static async Task<T> EventuallyAsync<T>(string what, TimeSpan limit, Func<Task<T>> look, Func<T, bool> condition)
    {
        var last = default(T)!;
        var held = await Deadline.WaitAsync(
            async _ => condition(last = await look()), limit, TimeProvider.System, CancellationToken.None);
        held.Should().BeTrue($"within {limit.TotalSeconds:0} s {what}; last seen: {(last is IEnumerable<string> all ? string.Join(", ", all) : last)}");
        return last;
    }
}
