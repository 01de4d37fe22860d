using System.Collections.Concurrent;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>Records every story without faults, makes plans from what was recorded, and carries them out.</summary>
/// <param name="program">The controller, as <see cref="TestedProgram"/> runs it.</param>
internal sealed class FaultCampaign(FaultBench bench, string program)
{
    private const int Tries = 3;

    // Plans from one word of progress to the next.
    private const int News = 25;

    private readonly ConcurrentDictionary<Story, (EndState End, IReadOnlyList<FaultPoint> Points)> _recorded = new();

    /// <summary>What was recorded, for another build of the controller.</summary>
    public FaultCampaign For(string otherProgram)
    {
        var other = new FaultCampaign(bench, otherProgram);
        foreach (var (story, recorded) in _recorded) other._recorded[story] = recorded;
        return other;
    }

    /// <param name="times">More than once tells what happens by chance, of which no plan can be made: what counts is what all have.</param>
    public async Task RecordAsync(IEnumerable<Story> stories, int times)
    {
        var runs = new ConcurrentBag<(Story Story, FaultRun Run)>();
        await bench.ForEachAsync(
            stories.SelectMany(story => Enumerable.Repeat(story, times)),
            async (lane, story) => runs.Add((story, await PlaySmoothlyAsync(lane, story))));
        var failures = runs.Where(run => run.Run.Complaint is not null).Select(run => $"{run.Story}: {run.Run.Complaint}\n{run.Run.Log}").ToList();
        foreach (var story in runs.Where(run => run.Run.End is not null).GroupBy(run => run.Story, run => run.Run))
        {
            var first = story.First();
            failures.AddRange(
                from other in story.Skip(1)
                let difference = (other.End! with { Events = [] }).DifferenceFrom(first.End!)
                where difference is not null
                select $"{story.Key} ends once like this, once like that: {difference}\n{first.Log}\n{other.Log}");

            // An event that was not told, being a courtesy, may be told another time.
            _recorded[story.Key] = (
                first.End! with { Events = [.. story.SelectMany(run => run.End!.Events).Distinct()] },
                [.. first.Points.Where(point => story.All(run => run.Points.Contains(point)))]);
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
        var (failures, done) = (new ConcurrentBag<(FaultPlan, string)>(), 0);
        await bench.ForEachAsync(plans, async (lane, plan) =>
        {
            var run = await CarryOutAsync(lane, plan);
            if (Interlocked.Increment(ref done) % News == 0) await TestContext.Progress.WriteLineAsync($"{done} of {plans.Count} plans are carried out");
            if (run.Failure is not { } failure) return;
            failures.Add((plan, $"{failure}\n{run.Log}"));
            await TestContext.Progress.WriteLineAsync($"FAILED {plan}: {failure.Split('\n')[0]}");
        });
        return [.. failures];
    }

    /// <returns>The last of its runs, if it took more than one for the fault to strike.</returns>
    public async Task<FaultRun> CarryOutAsync(Lane lane, FaultPlan plan)
    {
        for (var n = 1; ; n++)
        {
            var run = await FaultRun.PlayAsync(bench, program, lane, plan.Story, plan, _recorded[plan.Story].End);

            // A story may come by a point or not, as the API server's caches will have it; but not three times in a row.
            if (n == Tries || run is not { NeverStruck: true, Complaint: null }) return run;
        }
    }

    /// <summary>Plays a story to its end with no fault in it.</summary>
    public Task<FaultRun> PlaySmoothlyAsync(Lane lane, Story story) => FaultRun.PlayAsync(bench, program, lane, story, null, null);
}
