using Forensics.Local;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A copy of the controller's sources, outside the checkout, in which one defect after another is built.</summary>
internal sealed class MutantWorkshop : IDisposable
{
    private const string Assembly = "forensics-controller.dll";

    private static readonly string[] Projects = ["Forensics.Api", "Forensics.Controller"];
    private static readonly string[] Settings = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    // The checkout's own build has been analysed and audited.
    private static readonly string[] Quietly = ["-property:RunAnalyzers=false", "-property:NuGetAudit=false", "-verbosity:quiet", "-nologo"];

    private readonly string _folder = Directory.CreateTempSubdirectory("forensics-mutants-").FullName;

    public MutantWorkshop()
    {
        var repository = RepositoryRoot.Find();
        foreach (var file in Settings) File.Copy(Path.Combine(repository, file), Path.Combine(_folder, file));
        foreach (var file in Projects.SelectMany(project => Sources(Path.Combine(repository, project))))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <returns>The assembly of the controller that has this defect.</returns>
    public async Task<string> BuildAsync(Mutant mutant)
    {
        var (output, source) = (Path.Combine(_folder, "built", mutant.Name), Path.Combine(_folder, mutant.Patch.File));
        var healthy = await File.ReadAllTextAsync(source);
        await File.WriteAllTextAsync(source, mutant.Patch.Apply(healthy));
        await DotnetAsync(["build", "Forensics.Controller", "--output", output, .. Quietly]);
        await File.WriteAllTextAsync(source, healthy);
        return Path.Combine(output, Assembly);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<string> DotnetAsync(IReadOnlyList<string> arguments) =>
        Command.RunAsync(new CommandLine("dotnet", arguments) { WorkingDirectory = _folder }, CancellationToken.None);

    private static IEnumerable<string> Sources(string project) => Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));
}
