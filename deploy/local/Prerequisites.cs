using System.Runtime.InteropServices;

namespace Forensics.Local;

/// <summary>What the machine must be, checked before anything is touched.</summary>
internal static class Prerequisites
{
    private const long GiB = 1L << 30;

    // Unix socket names end at 108 bytes, and the longest that a runtime makes below the folder has some 60.
    private const int LongestHome = 48;

    /// <exception cref="LocalClusterException">Something is missing; the message says what to do.</exception>
    public static void Check(LocalPaths paths)
    {
        CheckRoot();
        CheckRelease(File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "");
        CheckArchitecture(RuntimeInformation.OSArchitecture);
        if (paths.Home.Length > LongestHome)
            throw new LocalClusterException(
                $"{LocalPaths.HomeVariable} ({paths.Home}) is too long for the sockets below it: {LongestHome} characters at the most.");
        Directory.CreateDirectory(paths.Cache);
        var built = Directory.Exists(paths.Cached(KubernetesBuild.FolderName));
        CheckSpace(new DriveInfo(paths.Home).AvailableFreeSpace, needed: (built ? 6 : 14) * GiB, paths.Home);
    }

    public static void CheckRoot()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new LocalClusterException("The local cluster runs kubelets and container runtimes: run this as root (sudo).");
    }

    /// <param name="release">The text of /etc/os-release.</param>
    public static void CheckRelease(string release)
    {
        var fields = release.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('"', '\r'));
        if (fields.GetValueOrDefault("ID") == "debian" && fields.GetValueOrDefault("VERSION_ID") == "12") return;
        throw new LocalClusterException(
            $"The local cluster is made from Debian 12's packages, and this is {fields.GetValueOrDefault("PRETTY_NAME", "an unknown system")}. "
            + "Use a Debian 12 machine, or run the tests that need no cluster: dotnet run build.cs test --unit");
    }

    public static void CheckArchitecture(Architecture architecture)
    {
        if (architecture is not (Architecture.X64 or Architecture.Arm64))
            throw new LocalClusterException($"The local cluster runs on x86-64 and 64-bit ARM; this machine is {architecture}.");
    }

    public static void CheckSpace(long available, long needed, string folder)
    {
        if (available < needed)
            throw new LocalClusterException(
                $"{folder} has {available / (double)GiB:0.0} GiB free and {needed / GiB} GiB are needed. "
                + $"Free some, or set {LocalPaths.HomeVariable} to a folder on another disk.");
    }
}
