using System.Reflection;

namespace Forensics.Controller;

/// <summary>Which build this is.</summary>
internal static class BuildInfo
{
    /// <summary>As Directory.Build.props has it, with the commit after a plus where the build knew it.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
