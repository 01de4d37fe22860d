using System.Collections.Concurrent;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>The fault tests for which there is no time every day, and the proof that they find what is wrong.</summary>
[Category("Cluster")]
[Category("Long")]
public sealed class LongFaultTests() : FaultFixture(recordings: 2)
{
    [Test]
    public async Task No_fault_at_any_write_changes_anything()
    {
        var plans = Choice.Of(Campaign.AllPlans(), FaultSpread.Many);
        if (Choice.IsSpread)
        {
            plans.Count.Should().BeGreaterThanOrEqualTo(207, "that is the median that Sieve needed for a controller");
            plans.Select(plan => plan.Kind).Distinct().Should().BeEquivalentTo(FaultKinds.All);
            CoverageOf(plans).Should().OnlyContain(coverage => coverage.IsWhole);
        }

        await ChangeNothingAsync(plans);
    }

    [Test]
    public async Task Every_deliberate_defect_is_found()
    {
        var plans = Campaign.AllPlans().ToDictionary(plan => plan.ToString());
        using var workshop = new MutantWorkshop();
        var built = new List<(Mutant Mutant, string Program)>();
        foreach (var mutant in Mutant.All.Where(mutant => Choice.Stories.Any(story => mutant.FoundBy.StartsWith($"{story.Name}:", StringComparison.Ordinal))))
            built.Add((mutant, await workshop.BuildAsync(mutant)));

        var missed = new ConcurrentBag<string>();
        await Bench.ForEachAsync(built, async (lane, build) =>
        {
            var campaign = Campaign.For(build.Program);

            // What breaks even a capture that goes well needs no fault to be found. It is not the plan's own story that is asked: a defect of
            // how the controller starts breaks every story in which it starts anew.
            var smooth = await campaign.PlaySmoothlyAsync(lane, Stories.All[0]);
            var run = await campaign.CarryOutAsync(lane, plans[build.Mutant.FoundBy]);
            await TestContext.Progress.WriteLineAsync($"Defect {build.Mutant.Name}: {(smooth.Failure ?? run.Failure)?.Split('\n')[0] ?? "not found"}");
            if (smooth.Failure is not null || !run.FindsDefect) missed.Add(build.Mutant.Name);
        });
        missed.Should().BeEmpty();
    }
}
