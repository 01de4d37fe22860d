using System.Collections.Concurrent;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Whatever goes wrong between controller and API server, at whatever point of whatever story: the end is the same, no
/// object was made or taken away more often than it must be, and the status is true.</summary>
[Category("Cluster")]
public sealed class FaultTests
{
    private readonly FaultChoice _choice = FaultChoice.FromEnvironment();
    private DeployedControllerStopped? _deployed;
    private FaultBench _bench = null!;
    private FaultCampaign _campaign = null!;

    [OneTimeSetUp]
    public async Task RecordAsync()
    {
        _deployed = await DeployedControllerStopped.HoldAsync();
        _bench = await FaultBench.SetUpAsync();
        _campaign = new FaultCampaign(_bench, Path.Combine(AppContext.BaseDirectory, "forensics-controller.dll"));
        await _campaign.RecordAsync(_choice.Stories);
    }

    [OneTimeTearDown]
    public async Task ClearUpAsync()
    {
        if (_bench is not null) await _bench.DisposeAsync();
        if (_deployed is not null) await _deployed.DisposeAsync();
    }

    [Test]
    public async Task A_spread_of_all_faults_changes_nothing()
    {
        var plans = FaultSpread.Of(_campaign.AllPlans());
        if (_choice.IsAll)
        {
            plans.Select(plan => plan.Story).Distinct().Should().BeEquivalentTo(Stories.All);
            plans.Select(plan => plan.Kind).Distinct().Should().BeEquivalentTo(FaultKinds.All.Where(kind => !FaultSpread.IsSlow(kind)));
        }

        await ChangeNothingAsync(plans);
    }

    [Test]
    [Category("Long")]
    public Task No_fault_at_any_point_changes_anything() => ChangeNothingAsync(_campaign.AllPlans());

    [Test]
    [Category("Long")]
    public async Task Every_deliberate_defect_is_found()
    {
        var plans = _campaign.AllPlans().ToDictionary(plan => plan.ToString());
        using var workshop = new MutantWorkshop();
        var built = new List<(Mutant Mutant, string Program)>();
        foreach (var mutant in Mutant.All.Where(mutant => _choice.Stories.Any(story => mutant.FoundBy.StartsWith($"{story.Name}:", StringComparison.Ordinal)))) built.Add((mutant, await workshop.BuildAsync(mutant)));

        var missed = new ConcurrentBag<string>();
        await _bench.ForEachAsync(built, async (lane, build) =>
        {
            var complaint = await _campaign.For(build.Program).CarryOutAsync(lane, plans[build.Mutant.FoundBy]);
            await TestContext.Progress.WriteLineAsync($"Defect {build.Mutant.Name}: {complaint?.Split('\n')[0] ?? "not found"}");
            if (complaint is null || complaint.StartsWith(FaultCampaign.NeverStruck, StringComparison.Ordinal)) missed.Add(build.Mutant.Name);
        });
        Mutant.All.Count.Should().BeGreaterThanOrEqualTo(10);
        missed.Should().BeEmpty();
    }

    private async Task ChangeNothingAsync(IReadOnlyList<FaultPlan> all)
    {
        var plans = _choice.Of(all);
        var failures = await _campaign.CarryOutAsync(plans);

        foreach (var (plan, complaint) in failures) await TestContext.Out.WriteLineAsync($"FAILED {plan}\n{complaint}\n");
        await TestContext.Progress.WriteLineAsync(
            $"{_campaign.WritePoints} write points × {plans.Select(plan => plan.Kind.Name).Distinct().Count()} fault kinds, {plans.Count} plans, {failures.Count} failed");
        failures.Select(failure => failure.Plan.ToString()).Should().BeEmpty($"{FaultChoice.Variable} repeats one alone");
    }
}
