namespace Forensics.Tests.Cluster.Faults;

/// <summary>Which plans are carried out where there is no time for all of them. Always the same ones for what was recorded.</summary>
internal static class FaultSpread
{
    /// <summary>Some of these wait for minutes, for a limit that is the client's own.</summary>
    public static bool IsSlow(FaultKind kind) => kind is { Name: "hangs", Strikes: PointKind.Read };

    /// <summary>For every run of the tests: every story and every kind of fault at least once, but for the slow ones. The first
    /// request of its sort is there in every run of a story; how many more there are may be chance.</summary>
    public static IReadOnlyList<FaultPlan> Few(IReadOnlyList<FaultPlan> all) => OfEachStoryAndKind([.. all.Where(plan => plan.Point.Nth == 1 && !IsSlow(plan.Kind))]);

    /// <summary>For long runs: every kind of fault at every point that it strikes at, where a point is the same in all stories that
    /// come by it; and the controller killed before and after every write of every history.</summary>
    public static IReadOnlyList<FaultPlan> Many(IReadOnlyList<FaultPlan> all) =>
    [
        .. all.GroupBy(plan => plan.Kind).SelectMany((plans, turn) => IsDeath(plans.Key)
            ? OfEachHistory(plans)
            : OfEachPoint(plans, turn)),
    ];

    // A death loses all that the controller knew, so all that it has written until then counts. What else goes wrong is met by the code
    // that makes the write, which is the same in every story.
    private static bool IsDeath(FaultKind kind) => kind == FaultKinds.KilledBefore || kind == FaultKinds.KilledAfter;

    // Where two stories have made just the same writes until then, one of them stands for both.
    private static IEnumerable<FaultPlan> OfEachHistory(IEnumerable<FaultPlan> plans)
    {
        var histories = new HashSet<string>();
        foreach (var story in plans.GroupBy(plan => plan.Story))
        {
            var history = "";
            foreach (var plan in story)
            {
                history += $"{plan.Point}\n";
                if (histories.Add(history)) yield return plan;
            }
        }
    }

    // The stories that come by a point take turns, from point to point and from kind to kind.
    private static IEnumerable<FaultPlan> OfEachPoint(IEnumerable<FaultPlan> plans, int turn) =>
        plans.GroupBy(plan => plan.Point).Select((same, n) => same.ElementAt((n + turn) % same.Count()));

    // Stories and kinds side by side, each list from its beginning again when it is at its end.
    private static IReadOnlyList<FaultPlan> OfEachStoryAndKind(IReadOnlyList<FaultPlan> plans)
    {
        var stories = plans.Select(plan => plan.Story).Distinct().ToList();
        var kinds = plans.Select(plan => plan.Kind).Distinct().ToList();
        return
        [
            .. Enumerable.Range(0, Math.Max(stories.Count, kinds.Count))
                .Select(n => (Plans: plans.Where(plan => plan.Story == stories[n % stories.Count] && plan.Kind == kinds[n % kinds.Count]).ToList(), n))
                .Where(pair => pair.Plans.Count > 0)
                .Select(pair => pair.Plans[pair.n % pair.Plans.Count]),
        ];
    }
}
