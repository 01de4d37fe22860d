using Forensics.Local;

namespace Forensics.Tests.Cluster.Faults;

public sealed class SourcePatchTests
{
    private static readonly SourcePatch Patch = SourcePatch.Parse(
    [
        "Why.", "", "diff --git a/One.cs b/One.cs", "--- a/One.cs", "+++ b/One.cs",
        "@@ -7,3 +7,3 @@ class One", " before", "-old", "+new", " after",
        "@@ -90,2 +90,1 @@", "-gone", " last",
    ]);

    private static IEnumerable<string> Mutants => Mutant.All.Select(mutant => mutant.Name);

    [Test]
    public void A_patch_finds_its_lines_wherever_they_have_moved() =>
        Patch.Apply("more\nbefore\nold\nafter\n\ngone\nlast\n").Should().Be("more\nbefore\nnew\nafter\n\nlast\n");

    [TestCase("before\nolder\nafter\ngone\nlast\n", "not at all")]
    [TestCase("before\nold\nafter\nbefore\nold\nafter\ngone\nlast\n", "more often")]
    public void A_patch_whose_lines_are_not_there_once_says_so(string source, string how) =>
        Patch.Invoking(patch => patch.Apply(source)).Should().Throw<InvalidOperationException>().WithMessage($"One.cs must have these lines once*{how}*");

    [Test]
    public void There_are_ten_deliberate_defects() => Mutant.All.Count.Should().BeGreaterThanOrEqualTo(10);

    [TestCaseSource(nameof(Mutants))]
    public void A_deliberate_defect_can_still_be_built_in(string name)
    {
        var mutant = Mutant.All.Single(one => one.Name == name);
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), mutant.Patch.File));

        mutant.Patch.Apply(source).Should().NotBe(source);
        Stories.All.Select(story => $"{story.Name}: ").Should().Contain(story => mutant.FoundBy.StartsWith(story, StringComparison.Ordinal));
        FaultKinds.All.Select(kind => $": {kind.Name}").Should().Contain(kind => mutant.FoundBy.EndsWith(kind, StringComparison.Ordinal));
    }
}
