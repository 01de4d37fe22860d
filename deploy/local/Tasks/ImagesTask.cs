using System.Xml.Linq;

namespace Forensics.Local;

/// <summary>Builds the images: for a registry, or for the one-machine cluster.</summary>
/// <param name="docker">The docker client that builds and pushes for a registry; null for the user's own, with the user's logins.</param>
internal sealed class ImagesTask(LocalPaths paths, Func<IReadOnlyList<string>, CommandLine>? docker = null) : ITask
{
    private readonly Func<IReadOnlyList<string>, CommandLine> _docker = docker ?? OwnDocker;

    public string Name => "images";

    public string Summary => "build the images, and push them to a registry";

    public string Help => """
        Usage: dotnet run build.cs images --to REGISTRY/FOLDER [--tag TAG] [--base IMAGE] [--platform PLATFORM] [--push]
               dotnet run build.cs images --local

        Compiles the controller and the agent to native code, which takes minutes and gcc or clang, and builds one image of
        each with the docker on your PATH:
        REGISTRY/FOLDER/kube-forensics-controller:TAG and REGISTRY/FOLDER/kube-forensics-agent:TAG.

          --to REGISTRY/FOLDER  where the images belong, such as registry.example.com/security
          --tag TAG             the version in Directory.Build.props if you do not say
          --base IMAGE          what to build on; Microsoft's chiseled runtime-deps if you do not say
          --platform PLATFORM   linux/amd64 or linux/arm64; the machine's own if you do not say. For another, Debian has
                                a compiler: gcc-aarch64-linux-gnu, gcc-x86-64-linux-gnu
          --push                also push them
          --local               build on the local base image and load both into the one-machine cluster, which must be up
        """;

    public async Task<int> RunAsync(TaskArguments arguments, Progress progress, CancellationToken cancellation)
    {
        var local = arguments.TakeFlag("--local");
        var push = arguments.TakeFlag("--push");
        var registry = arguments.TakeValue("--to");
        var tag = arguments.TakeValue("--tag");
        var baseImage = arguments.TakeValue("--base");
        var platform = arguments.TakeValue("--platform");
        arguments.RejectTheRest();
        if (local && (push || registry is not null || tag is not null || baseImage is not null || platform is not null))
            throw new UsageException("--local stands alone.");
        if (!local && registry is null) throw new UsageException("Say where the images belong with --to, or --local.");

        if (local) await BuildLocalAsync(progress, cancellation);
        else await BuildAsync(registry!.TrimEnd('/'), tag ?? await VersionAsync(cancellation), baseImage, platform, push, progress, cancellation);
        return 0;
    }

    private async Task BuildLocalAsync(Progress progress, CancellationToken cancellation)
    {
        var cluster = new LocalCluster(paths, progress.Time);
        _ = cluster.Descriptor; // Says what to do if it is not up.
        var images = new OwnImages(paths, cluster);
        await images.PublishAsync(progress, cancellation);
        await images.BuildAsync(progress, cancellation);
    }

    private async Task BuildAsync(
        string registry, string tag, string? baseImage, string? platform, bool push, Progress progress, CancellationToken cancellation)
    {
        var build = new ImageBuild(RepositoryRoot.Find(), _docker) { Platform = platform };
        foreach (var program in ImageBuild.Programs.Keys)
        {
            var image = $"{registry}/kube-forensics-{program}:{tag}";
            await build.PublishAsync(program, progress, cancellation);
            await build.BuildAsync(program, image, baseImage, progress, cancellation);
            if (!push) continue;
            progress.Say($"Images: pushing {image}");
            await Command.RunAsync(_docker(["push", image]), cancellation);
        }
    }

    private static async Task<string> VersionAsync(CancellationToken cancellation)
    {
        var properties = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), "Directory.Build.props"), cancellation);
        return XDocument.Parse(properties).Descendants("Version").Single().Value;
    }

    private static CommandLine OwnDocker(IReadOnlyList<string> arguments) =>
        new CommandLine("docker", arguments).With("PATH", Environment.GetEnvironmentVariable("PATH") ?? CommandLine.SystemPath);
}
