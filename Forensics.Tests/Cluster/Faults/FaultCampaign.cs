using System.Collections.Concurrent;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Records every story without faults, makes plans from what was recorded, and carries them out.</summary>
/// <param name="program">The controller's assembly.</param>
internal sealed class FaultCampaign(FaultBench bench, string program)
{
    /// <summary>How the complaint about a plan begins that shows nothing.</summary>
    public const string NeverStruck = "the fault never struck";

    private const int Tries = 3;

    private readonly ConcurrentDictionary<Story, (EndState End, IReadOnlyList<FaultPoint> Points)> _recorded = new();

    /// <summary>What was recorded, for another build of the controller.</summary>
    public FaultCampaign For(string otherProgram)
    {
        var other = new FaultCampaign(bench, otherProgram);
        foreach (var (story, recorded) in _recorded) other._recorded[story] = recorded;
        return other;
    }

    /// <summary>Points at which the controller writes.</summary>
    public int WritePoints => _recorded.Values.Sum(recorded => recorded.Points.Count(point => point.Kind == PointKind.Write));

    /// <summary>Twice, since of what happens by chance no plan can be made: what counts is what both have.</summary>
    public async Task RecordAsync(IEnumerable<Story> stories)
    {
        var runs = new ConcurrentBag<(Story Story, FaultRun Run)>();
        await bench.ForEachAsync(
            stories.SelectMany(story => new[] { story, story }),
            async (lane, story) => runs.Add((story, await FaultRun.PlayAsync(bench, program, lane, story, null, null))));
        var failures = new List<string>();
        foreach (var story in runs.GroupBy(run => run.Story, run => run.Run))
        {
            var (first, second) = (story.First(), story.Last());
            failures.AddRange(story.Where(run => run.Complaint is not null).Select(run => $"{story.Key}: {run.Complaint}\n{run.Log}"));
            if (first.End is null || second.End is null) continue;
            if ((second.End with { Events = [] }).DifferenceFrom(first.End) is { } difference) failures.Add($"{story.Key} ends once like this, once like that: {difference}\n{first.Log}\n{second.Log}");
            // An event that was not told, being a courtesy, may be told another time.
            _recorded[story.Key] = (first.End with { Events = [.. first.End.Events.Union(second.End.Events)] }, [.. first.Points.Where(second.Points.Contains)]);
        }

        failures.Should().BeEmpty("where nothing goes wrong every story must end as it should, and every time alike");
    }

    /// <summary>Every kind of fault at every point of its kind.</summary>
    public IReadOnlyList<FaultPlan> AllPlans() =>
    [
        .. from story in _recorded.Keys.OrderBy(story => story.Name, StringComparer.Ordinal)
           from point in _recorded[story].Points
           from kind in FaultKinds.All
           where kind.Strikes == point.Kind
           select new FaultPlan(story, point, kind),
    ];

    /// <returns>The plans that failed, with what there is to say about each.</returns>
    public async Task<IReadOnlyList<(FaultPlan Plan, string Complaint)>> CarryOutAsync(IReadOnlyList<FaultPlan> plans)
    {
        var failures = new ConcurrentBag<(FaultPlan, string)>();
        await bench.ForEachAsync(plans, async (lane, plan) =>
        {
            if (await CarryOutAsync(lane, plan) is not { } complaint) return;
            failures.Add((plan, complaint));
            await TestContext.Progress.WriteLineAsync($"FAILED {plan}");
        });
        return [.. failures];
    }

    /// <returns>What went wrong; null if nothing did.</returns>
    public async Task<string?> CarryOutAsync(Lane lane, FaultPlan plan)
    {
        for (var n = 1; ; n++)
        {
            var run = await FaultRun.PlayAsync(bench, program, lane, plan.Story, plan, _recorded[plan.Story].End);

            // A story may come by a point or not, as the API server's caches will have it; but not three times in a row.
            if (run.NeverStruck && run.Complaint is null && n < Tries) continue;
            return run switch
            {
                { Complaint: { } complaint } => $"{complaint}\n{run.Log}",
                { NeverStruck: true } => $"{NeverStruck}, in {Tries} tries\n{run.Log}",
                _ => null,
            };
        }
    }
}
