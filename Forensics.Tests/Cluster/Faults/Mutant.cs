using Forensics.Local;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>A deliberate defect: a patch of the controller, with what it breaks and the plan that finds it at its head.</summary>
internal sealed record Mutant(string Name, SourcePatch Patch, string FoundBy)
{
    private const string Hint = "Found by: ";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(RepositoryRoot.Find(), "Forensics.Tests/Cluster/Faults/Mutants"), "*.patch").Order(StringComparer.Ordinal).Select(Read),
    ];

    public override string ToString() => Name;

    private static Mutant Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var hint = lines.First(line => line.StartsWith(Hint, StringComparison.Ordinal));
        return new Mutant(Path.GetFileNameWithoutExtension(file), SourcePatch.Parse(lines), hint[Hint.Length..]);
    }
}
