namespace Forensics.Local;

/// <summary>Puts images into both runtimes, by their own tools.</summary>
internal sealed class ImageStore(DockerEngine docker, ContainerdEngine containerd)
{
    /// <summary>The mode of /tmp, sticky bit and all.</summary>
    public const UnixFileMode AnyoneMayWrite = (UnixFileMode)0b1_111_111_111;

    // Says which folder of the cache an image was made of.
    private const string SourceLabel = "forensics.source";

    /// <summary>Makes an image of a folder of the cache in Docker, unless it has it.</summary>
    /// <param name="settings">Lines of a Dockerfile that need no running of anything.</param>
    /// <returns>Whether it was made.</returns>
    public async Task<bool> MakeAsync(
        string image, string folder, IReadOnlyList<string> settings, Progress progress, CancellationToken cancellation)
    {
        var source = Path.GetFileName(folder);
        if (await DockerHasAsync(image, source, cancellation)) return false;
        progress.Say($"Images: making {image}");
        var changes = settings.Append($"LABEL {SourceLabel}={source}").SelectMany(setting => (string[])["--change", setting]);
        var import = docker.Run(["import", .. changes, "-", image]);
        await RunShellAsync(
            $"tar --create --numeric-owner --owner=0 --group=0 --directory={Quoted(folder)} . | {Line(import)}", cancellation);
        return true;
    }

    /// <summary>The same in both runtimes.</summary>
    public async Task MakeInBothAsync(
        string image, string folder, IReadOnlyList<string> settings, Progress progress, CancellationToken cancellation)
    {
        var made = await MakeAsync(image, folder, settings, progress, cancellation);
        if (made || !await ContainerdHasAsync(image, cancellation)) await HandOverAsync(image, cancellation);
    }

    /// <summary>Copies an image from Docker to containerd, over the one of that name.</summary>
    public Task HandOverAsync(string image, CancellationToken cancellation) =>
        RunShellAsync($"{Line(docker.Run("save", image))} | {Line(containerd.Run("images", "import", "-"))}", cancellation);

    private async Task<bool> DockerHasAsync(string image, string source, CancellationToken cancellation) =>
        (await Command.TryAsync(
            docker.Run("image", "inspect", "--format", $"{{{{index .Config.Labels \"{SourceLabel}\"}}}}", image), cancellation))
        .Output.Trim() == source;

    private async Task<bool> ContainerdHasAsync(string image, CancellationToken cancellation) =>
        (await Command.RunAsync(containerd.Run("images", "list", "--quiet"), cancellation))
            .Split('\n').Contains("docker.io/library/" + image);

    /// <summary>bash, for its pipefail: a half image must not pass for a whole one.</summary>
    private static async Task RunShellAsync(string script, CancellationToken cancellation) =>
        await Command.RunAsync(new CommandLine("/bin/bash", "-c", "set -euo pipefail; " + script), cancellation);

    private static string Line(CommandLine command) => string.Join(' ', ((string[])[command.Program, .. command.Arguments]).Select(Quoted));

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
