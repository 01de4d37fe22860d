using System.Runtime.InteropServices;

namespace Forensics.Local;

/// <summary>Makes of a project one native program for one platform, which runs without .NET: a capture is over before a compiler at
/// run time would have earned its keep, and what it takes in memory is the node's (docs/decisions/native-programs.md).</summary>
internal static class ProgramPublishing
{
    // Otherwise the native compiler collects garbage beside its work, and gives memory back only to ask for it again
    // (docs/decisions/native-programs.md).
    private static readonly Dictionary<string, string> CompilerEnvironment = new()
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCgen0size"] = "0x10000000", // 256 MiB.
    };

    /// <param name="platform">As docker names it, such as linux/arm64; null for the machine's own.</param>
    /// <param name="folder">Emptied first.</param>
    public static async Task PublishAsync(
        string repository, string project, string? platform, string folder, Progress progress, CancellationToken cancellation)
    {
        var runtime = RuntimeOf(platform);
        var linker = NativeLinker.PropertiesFor(runtime, NativeLinker.IsOnPath);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var publishing = Command.RunAsync(
            new CommandLine(
                DotnetRuntime.Find().Program,
                ["publish", Path.Combine(repository, project), "--configuration", "Release",
                "--runtime", runtime, "-p:PublishAot=true", .. linker, "--output", folder, "--verbosity", "quiet", "-nologo"])
            {
                Environment = CompilerEnvironment,
            },
            cancellation);
        // The native compiler says nothing for minutes.
        await progress.AccompanyAsync(publishing, minutes => $"{project}: compiled to native code for {minutes}", cancellation);
    }

    /// <summary>What .NET calls the platform.</summary>
    public static string RuntimeOf(string? platform) => platform switch
    {
        null => RuntimeOf("linux/" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()),
        "linux/amd64" or "linux/x64" or "linux/x86_64" => "linux-x64",
        _ when platform.StartsWith("linux/arm64", StringComparison.Ordinal) || platform == "linux/aarch64" => "linux-arm64",
        _ => throw new UsageException($"The programs are not made for {platform}; they are for linux/amd64 and linux/arm64."),
    };
}
