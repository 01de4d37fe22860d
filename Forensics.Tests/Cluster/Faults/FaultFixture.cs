using System.Diagnostics;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>The stories are recorded once for all tests of a fixture.</summary>
/// <param name="recordings">Of each story.</param>
public abstract class FaultFixture(int recordings)
{
    private DeployedControllerStopped? _deployed;

    private protected FaultChoice Choice { get; } = FaultChoice.FromEnvironment();

    private protected FaultBench Bench { get; private set; } = null!;

    private protected FaultCampaign Campaign { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task RecordAsync()
    {
        var began = Stopwatch.GetTimestamp();
        _deployed = await DeployedControllerStopped.HoldAsync();
        Bench = await FaultBench.SetUpAsync();
        Campaign = new FaultCampaign(Bench, TestedProgram.Controller);
        await Campaign.RecordAsync(Choice.Stories, recordings);
        await SayAsync($"{Choice.Stories.Count()} stories recorded, {Campaign.AllPlans().Count} plans are possible", began);
    }

    [OneTimeTearDown]
    public async Task ClearUpAsync()
    {
        if (Bench is not null) await Bench.DisposeAsync();
        if (_deployed is not null) await _deployed.DisposeAsync();
    }

    private protected async Task ChangeNothingAsync(IReadOnlyList<FaultPlan> plans)
    {
        var began = Stopwatch.GetTimestamp();
        var failures = await Campaign.CarryOutAsync(plans);

        foreach (var (plan, complaint) in failures) await TestContext.Out.WriteLineAsync($"FAILED {plan}\n{complaint}\n");
        await SayAsync($"{plans.Count} plans, {failures.Count} failed: {string.Join(", ", CoverageOf(plans))}", began);
        plans.Should().NotBeEmpty();
        failures.Select(failure => failure.Plan.ToString()).Should().BeEmpty($"{FaultChoice.Variable} repeats one alone");
    }

    private protected IEnumerable<FaultCoverage> CoverageOf(IReadOnlyList<FaultPlan> plans) =>
        Enum.GetValues<PointKind>().Select(kind => FaultCoverage.Of(kind, plans, Campaign.AllPlans()));

    private static Task SayAsync(string what, long began) =>
        TestContext.Progress.WriteLineAsync($"{what}; {Stopwatch.GetElapsedTime(began).TotalMinutes:0.0} minutes");
}
