using System.Runtime.InteropServices;

namespace Forensics.Local;

/// <summary>The .NET that this very program runs on.</summary>
internal sealed record DotnetRuntime(string Root)
{
    /// <summary>The dotnet program.</summary>
    public string Program => Path.Combine(Root, "dotnet");

    /// <exception cref="LocalClusterException">It is not as Microsoft ships it.</exception>
    public static DotnetRuntime Find()
    {
        // .../shared/Microsoft.NETCore.App/10.0.1/
        var folder = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var found = new DotnetRuntime(Path.GetFullPath(Path.Combine(folder, "../../..")));
        return File.Exists(found.Program)
            ? found
            : throw new LocalClusterException($"The .NET in {found.Root} has no dotnet program. Install the .NET SDK as Microsoft ships it.");
    }
}
