namespace Forensics.Tests.Cluster.Faults;

/// <summary>The plans of every run of the tests: few, always the same, with every story, every point of a write, and every kind of
/// fault among them.</summary>
internal static class FaultSpread
{
    /// <summary>Some of these wait for minutes, for a limit that is the client's own.</summary>
    public static bool IsSlow(FaultKind kind) => kind is { Name: "hangs", Strikes: PointKind.Read };

    public static IReadOnlyList<FaultPlan> Of(IReadOnlyList<FaultPlan> all)
    {
        var quick = all.Where(plan => !IsSlow(plan.Kind)).ToList();
        var atWrites = quick.Where(plan => plan.Point.Kind == PointKind.Write).GroupBy(plan => (plan.Story, plan.Point)).ToList();
        var others = quick.Where(plan => plan.Point.Kind != PointKind.Write).GroupBy(plan => plan.Kind).ToList();

        // From each point of a write the next kind in turn; of each other kind the plan in the middle of each third.
        return
        [
            .. atWrites.Select((plans, n) => plans.ElementAt(n % plans.Count())),
            .. others.SelectMany(plans => new[] { 1, 3, 5 }.Select(sixth => plans.ElementAt(plans.Count() * sixth / 6)).Distinct()),
        ];
    }
}
