namespace Forensics.Local;

/// <summary>Finds the checkout that this code was built from: as build.cs or from inside the tests.</summary>
internal static class RepositoryRoot
{
    private const string Landmark = "Forensics.sln";

    public static string Find()
    {
        // Set by "dotnet run build.cs" to the folder of build.cs; the tests run from a folder below the checkout.
        var buildFolder = AppContext.GetData("EntryPointFileDirectoryPath") as string;
        foreach (var start in new[] { buildFolder, AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = start; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, Landmark)))
                    return folder;
        }

        throw new LocalClusterException($"No {Landmark} in this folder or above it. Run the task from inside the checkout.");
    }
}
