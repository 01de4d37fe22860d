namespace Forensics.Local;

/// <summary>Makes of a project what runs with a .NET runtime alone. Portable: one set of files for amd64 and arm64.</summary>
internal static class ProgramPublishing
{
    /// <param name="folder">Emptied first.</param>
    public static async Task PublishAsync(string repository, string project, string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        await Command.RunAsync(
            new CommandLine(
                DotnetRuntime.Find().Program, "publish", Path.Combine(repository, project),
                "--configuration", "Release", "--output", folder, "--verbosity", "quiet", "-nologo")
            .With("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            cancellation);
    }
}
