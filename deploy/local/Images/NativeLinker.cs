namespace Forensics.Local;

/// <summary>What links a native program: the C compiler of the platform that it is for.</summary>
internal static class NativeLinker
{
    /// <summary>What MSBuild is told of it: nothing for this machine's own platform, for which it finds clang or gcc by itself.</summary>
    /// <param name="runtime">As .NET names it, such as linux-arm64.</param>
    /// <param name="isThere">Whether a program is on the PATH.</param>
    /// <exception cref="LocalClusterException">There is none.</exception>
    public static IReadOnlyList<string> PropertiesFor(string runtime, Func<string, bool> isThere)
    {
        if (runtime == ProgramPublishing.RuntimeOf(null))
            return isThere("clang") || isThere("gcc") ? [] : throw Missing("gcc", "gcc libc6-dev", runtime);

        var (tools, packages) = runtime == "linux-arm64"
            ? ("aarch64-linux-gnu-", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross")
            : ("x86_64-linux-gnu-", "gcc-x86-64-linux-gnu libc6-dev-amd64-cross");
        if (!isThere(tools + "gcc")) throw Missing(tools + "gcc", packages, runtime);
        return [$"-p:CppCompilerAndLinker={tools}gcc", $"-p:ObjCopyName={tools}objcopy"]; // And Directory.Build.props.
    }

    /// <summary>Whether a program is on this process' PATH.</summary>
    public static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? CommandLine.SystemPath)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static LocalClusterException Missing(string linker, string packages, string runtime) => new(
        $"The programs are compiled to native code, and {linker}, which links them for {runtime}, is not on the PATH. "
        + $"On Debian: apt-get install {packages}. Or build on a machine with that processor.");
}
