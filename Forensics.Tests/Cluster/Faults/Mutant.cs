using Forensics.Local;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A deliberate defect: a patch of the controller, with what it breaks and the plan that finds it at its head.</summary>
internal sealed record Mutant(string Name, string Patch, string FoundBy)
{
    private const string Hint = "Found by: ";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(RepositoryRoot.Find(), "Forensics.Tests/Cluster/Faults/Mutants"), "*.patch").Order(StringComparer.Ordinal).Select(Read),
    ];

    private static Mutant Read(string file)
    {
        var hint = File.ReadLines(file).First(line => line.StartsWith(Hint, StringComparison.Ordinal));
        return new Mutant(Path.GetFileNameWithoutExtension(file), file, hint[Hint.Length..]);
    }
}
