using System.Runtime.InteropServices;

namespace Forensics.Local;

/// <summary>The .NET that this very program runs on: what the local base image gets its copy of.</summary>
internal sealed record DotnetRuntime(string Root, string Version)
{
    /// <summary>The dotnet program.</summary>
    public string Program => Path.Combine(Root, "dotnet");

    /// <summary>What running ASP.NET Core takes, relative to <see cref="Root"/>.</summary>
    public IReadOnlyList<string> Folders =>
        [$"host/fxr/{Version}", $"shared/Microsoft.NETCore.App/{Version}", $"shared/Microsoft.AspNetCore.App/{Version}"];

    /// <exception cref="LocalClusterException">Part of it is not there.</exception>
    public static DotnetRuntime Find()
    {
        // .../shared/Microsoft.NETCore.App/10.0.1/
        var folder = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var found = new DotnetRuntime(Path.GetFullPath(Path.Combine(folder, "../../..")), Path.GetFileName(folder));
        var missing = found.Folders.FirstOrDefault(part => !Directory.Exists(Path.Combine(found.Root, part)));
        return missing is null && File.Exists(found.Program)
            ? found
            : throw new LocalClusterException(
                $"The .NET in {found.Root} has no {missing ?? "dotnet"}. Install the .NET SDK as Microsoft ships it: "
                + "the base image is made from its ASP.NET Core runtime.");
    }
}
