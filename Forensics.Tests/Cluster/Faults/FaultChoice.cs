namespace Forensics.Tests.Cluster.Faults;

/// <summary>Which plans are carried out: a spread of them; or, as the environment says, all, or all whose names begin like this, so
/// that one that failed can be looked at alone.</summary>
internal sealed record FaultChoice(string Beginning)
{
    public const string Variable = "FORENSICS_FAULT_PLANS";

    private const string Every = "all plans";

    public static FaultChoice FromEnvironment() => new(Environment.GetEnvironmentVariable(Variable) ?? "");

    public bool IsSpread => Beginning.Length == 0;

    public IEnumerable<Story> Stories => Faults.Stories.All.Where(story => IsSpread || Beginning == Every || Beginning.StartsWith(story.Name, StringComparison.Ordinal));

    /// <param name="spread">Of all.</param>
    public IReadOnlyList<FaultPlan> Of(IReadOnlyList<FaultPlan> all, Func<IReadOnlyList<FaultPlan>, IReadOnlyList<FaultPlan>> spread) =>
        IsSpread ? spread(all) : Beginning == Every ? all : [.. all.Where(plan => plan.ToString().StartsWith(Beginning, StringComparison.Ordinal))];
}
