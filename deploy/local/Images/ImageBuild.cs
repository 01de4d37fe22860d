namespace Forensics.Local;

/// <summary>Publishes the programs, and builds an image of each by one <c>docker build</c> from the published folder.</summary>
/// <param name="docker">The docker client, pointed at the engine that builds.</param>
internal sealed class ImageBuild(string repository, Func<IReadOnlyList<string>, CommandLine> docker)
{
    /// <summary>Project by program: the image <c>kube-forensics-controller</c> is made of Forensics.Controller, and so on.</summary>
    public static IReadOnlyDictionary<string, string> Programs { get; } = new Dictionary<string, string>
    {
        ["controller"] = "Forensics.Controller",
        ["agent"] = "Forensics.Agent",
    };

    /// <summary>Where a checkout's published programs are.</summary>
    public static string FolderOf(string repository) => Path.Combine(repository, "artifacts/images");

    /// <param name="folder"><see cref="FolderOf"/> a checkout.</param>
    /// <param name="program">"controller" or "agent".</param>
    public static string PublishedIn(string folder, string program) => Path.Combine(folder, Programs[program], "forensics-" + program);

    /// <summary>What docker builds for, such as linux/arm64; null for the machine's own.</summary>
    public string? Platform { get; init; }

    /// <summary>Compiles a program. Takes minutes, and no docker.</summary>
    /// <param name="program">"controller" or "agent".</param>
    public async Task PublishAsync(string program, Progress progress, CancellationToken cancellation)
    {
        progress.Say($"Images: publishing {Programs[program]}");
        await ProgramPublishing.PublishAsync(repository, Programs[program], Platform, PublishedFolder(program), progress, cancellation);
        progress.Say($"Images: published {Programs[program]}");
    }

    /// <summary>Builds the image of a published program.</summary>
    /// <param name="program">"controller" or "agent".</param>
    /// <param name="tag">The image's name, with its tag, which is also its version.</param>
    /// <param name="baseImage">What to build on; null for what the Dockerfile says.</param>
    public async Task BuildAsync(string program, string tag, string? baseImage, Progress progress, CancellationToken cancellation)
    {
        progress.Say($"Images: building {tag}");
        var file = Path.Combine(repository, "deploy/images", program + ".Dockerfile");
        var arguments = new List<string>
        {
            "VERSION=" + tag[(tag.LastIndexOf(':') + 1)..],
            "REVISION=" + await RevisionAsync(cancellation),
        };
        if (baseImage is not null) arguments.Add("BASE_IMAGE=" + baseImage);
        var buildArguments = arguments.SelectMany(argument => (string[])["--build-arg", argument]);
        IReadOnlyList<string> platform = Platform is null ? [] : ["--platform", Platform];
        await Command.RunAsync(
            // The Dockerfiles run nothing, so the build needs no network, and on the local engine there is none.
            docker(["build", "--network", "none", "--file", file, .. platform, .. buildArguments, "--tag", tag, PublishedFolder(program)]),
            cancellation);
        if (Platform is not null) await CheckPlatformAsync(tag, Platform, cancellation);
    }

    /// <summary>An engine that has the base image for another platform only may take that one, without a word.</summary>
    public async Task CheckPlatformAsync(string tag, string platform, CancellationToken cancellation)
    {
        var built = (await Command.RunAsync(docker(["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", tag]), cancellation)).Trim();
        if (!$"{platform}/".StartsWith(built + "/", StringComparison.Ordinal))
            throw new LocalClusterException(
                $"{tag} was built for {built}, not for {platform}: docker has its base image for {built} only. "
                + "Pull the base image for that platform first, or use one that is made for both.");
    }

    private string PublishedFolder(string program) => Path.Combine(FolderOf(repository), Programs[program]);

    /// <returns>The commit of the checkout, if it is one and there is a git.</returns>
    private async Task<string> RevisionAsync(CancellationToken cancellation)
    {
        if (!File.Exists("/usr/bin/git")) return "unknown";
        var head = await Command.TryAsync(new CommandLine("/usr/bin/git", "-C", repository, "rev-parse", "HEAD"), cancellation);
        return head.ExitCode == 0 ? head.Output.Trim() : "unknown";
    }
}
