namespace Forensics.Local;

/// <summary>Publishes the programs and builds an image of each, by one <c>docker build</c> from the published folder.</summary>
/// <param name="docker">The docker client, pointed at the engine that builds.</param>
internal sealed class ImageBuild(string repository, Func<IReadOnlyList<string>, CommandLine> docker)
{
    /// <summary>Image names by program: <c>forensics-controller</c> from Forensics.Controller, and so on.</summary>
    public static IReadOnlyDictionary<string, string> Programs { get; } = new Dictionary<string, string>
    {
        ["controller"] = "Forensics.Controller",
        ["agent"] = "Forensics.Agent",
    };

    /// <param name="program">"controller" or "agent".</param>
    /// <param name="tag">The image's name, with its tag.</param>
    /// <param name="baseImage">What to build on; null for what the Dockerfile says.</param>
    public async Task BuildAsync(string program, string tag, string? baseImage, Progress progress, CancellationToken cancellation)
    {
        progress.Say($"Images: publishing {Programs[program]}");
        var folder = await PublishAsync(Programs[program], cancellation);
        progress.Say($"Images: building {tag}");
        var file = Path.Combine(repository, "deploy/images", program + ".Dockerfile");
        IReadOnlyList<string> onBase = baseImage is null ? [] : ["--build-arg", "BASE_IMAGE=" + baseImage];
        await Command.RunAsync(
            // The Dockerfiles run nothing, so the build needs no network, and on the local engine there is none.
            docker(["build", "--network", "none", "--file", file, .. onBase, "--tag", tag, folder]), cancellation);
    }

    /// <summary>Portable: one set of files for amd64 and arm64.</summary>
    private async Task<string> PublishAsync(string project, CancellationToken cancellation)
    {
        var folder = Path.Combine(repository, "artifacts/images", project);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        await Command.RunAsync(
            new CommandLine(
                DotnetRuntime.Find().Program, "publish", Path.Combine(repository, project),
                "--configuration", "Release", "--output", folder, "--verbosity", "quiet", "-nologo")
            .With("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            cancellation);
        return folder;
    }
}
