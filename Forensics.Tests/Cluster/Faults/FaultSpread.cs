namespace Forensics.Tests.Cluster.Faults;

/// <summary>Which plans are carried out where there is no time for all of them. Always the same ones for what was recorded.</summary>
internal static class FaultSpread
{
    // Each adds a plan for every kind of fault.
    private const int RoundsOfMany = 2;

    /// <summary>Some of these wait for minutes, for a limit that is the client's own.</summary>
    public static bool IsSlow(FaultKind kind) => kind is { Name: "hangs", Strikes: PointKind.Read };

    /// <summary>For every run of the tests: every story and every kind of fault at least once, but for the slow ones. The first
    /// request of its sort is there in every run of a story; how many more there are may be chance.</summary>
    public static IReadOnlyList<FaultPlan> Few(IReadOnlyList<FaultPlan> all) => Round(0, [.. all.Where(plan => plan.Point.Nth == 1 && !IsSlow(plan.Kind))]);

    /// <summary>For long runs: a death of the controller before and after every write, and rounds of everything else. Where two
    /// stories have written just the same until then, one of them stands for both.</summary>
    public static IReadOnlyList<FaultPlan> Many(IReadOnlyList<FaultPlan> all) =>
    [
        .. new[] { FaultKinds.KilledBefore, FaultKinds.KilledAfter }.SelectMany(kind => WithHistoriesOfTheirOwn([.. all.Where(plan => plan.Kind == kind)]))
            .Concat(Enumerable.Range(0, RoundsOfMany).SelectMany(round => Round(round, all)))
            .Distinct(),
    ];

    /// <param name="plans">One for each write, each story's in their order.</param>
    private static IEnumerable<FaultPlan> WithHistoriesOfTheirOwn(IReadOnlyList<FaultPlan> plans)
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

    // Stories and kinds side by side, each list from its beginning again when it is at its end; from round to round they shift
    // against each other, and so do the points.
    private static IReadOnlyList<FaultPlan> Round(int round, IReadOnlyList<FaultPlan> plans)
    {
        var stories = plans.Select(plan => plan.Story).Distinct().ToList();
        var kinds = plans.Select(plan => plan.Kind).Distinct().ToList();
        return
        [
            .. Enumerable.Range(0, Math.Max(stories.Count, kinds.Count))
                .Select(n => (Story: stories[(n + round) % stories.Count], Kind: kinds[n % kinds.Count], Nth: n + round))
                .Select(pair => (Plans: plans.Where(plan => plan.Story == pair.Story && plan.Kind == pair.Kind).ToList(), pair.Nth))
                .Where(pair => pair.Plans.Count > 0)
                .Select(pair => pair.Plans[pair.Nth % pair.Plans.Count]),
        ];
    }
}
