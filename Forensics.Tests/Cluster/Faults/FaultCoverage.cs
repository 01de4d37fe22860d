namespace Forensics.Tests.Cluster.Faults;

/// <summary>How much of what could be met is met by some plans: every point may meet every kind of fault that strikes there.</summary>
/// <param name="Met">Pairs of a point and a kind.</param>
internal sealed record FaultCoverage(PointKind Strikes, int Points, int Kinds, int Met)
{
    public bool IsWhole => Met == Points * Kinds;

    /// <param name="all">That are possible.</param>
    public static FaultCoverage Of(PointKind strikes, IReadOnlyList<FaultPlan> plans, IReadOnlyList<FaultPlan> all)
    {
        var (chosen, possible) = (plans.Where(plan => plan.Point.Kind == strikes), all.Where(plan => plan.Point.Kind == strikes).ToList());
        return new FaultCoverage(
            strikes,
            possible.Select(plan => plan.Point).Distinct().Count(),
            possible.Select(plan => plan.Kind).Distinct().Count(),
            chosen.Select(plan => (plan.Point, plan.Kind)).Distinct().Count());
    }

    public override string ToString() =>
        $"{Points} {Strikes.ToString().ToLowerInvariant()} points x {Kinds} kinds of fault ({Met} of {Points * Kinds})";
}
