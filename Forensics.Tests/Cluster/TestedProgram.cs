using Forensics.Local;

namespace Forensics.Tests.Cluster;

/// <summary>Controller and agent as tests start them: the native programs of the images, where the run says that it has made them
/// (<c>build.cs test</c> does); otherwise what was built beside the tests, which takes .NET and its time to start.</summary>
internal static class TestedProgram
{
    public static string Controller => Native("controller") ?? Path.Combine(AppContext.BaseDirectory, "forensics-controller.dll");

    public static string Agent => Native("agent") ?? Path.Combine(
        RepositoryRoot.Find(), "Forensics.Agent", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "forensics-agent.dll");

    public static bool IsNative => NativeFolder is not null;

    private static string? NativeFolder => Environment.GetEnvironmentVariable(DotnetTest.ProgramsVariable);

    /// <param name="program">A native program, or an assembly.</param>
    public static CommandLine Run(string program, params IReadOnlyList<string> arguments) =>
        Path.GetExtension(program) == ".dll" ? new("dotnet", [program, .. arguments]) : new(program, arguments);

    private static string? Native(string program) =>
        NativeFolder is { } folder ? ImageBuild.PublishedIn(folder, program) : null;
}
