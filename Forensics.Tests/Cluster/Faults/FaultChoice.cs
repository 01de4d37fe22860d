namespace Forensics.Tests.Cluster.Faults;

/// <summary>Which plans are carried out: all, or those whose names begin as the environment says, so that one that failed can be
/// looked at alone.</summary>
internal sealed record FaultChoice(string Beginning)
{
    public const string Variable = "FORENSICS_FAULT_PLANS";

    public static FaultChoice FromEnvironment() => new(Environment.GetEnvironmentVariable(Variable) ?? "");

    public bool IsAll => Beginning.Length == 0;

    public IEnumerable<Story> Stories => Faults.Stories.All.Where(story => IsAll || Beginning.StartsWith(story.Name, StringComparison.Ordinal));

    public IReadOnlyList<FaultPlan> Of(IReadOnlyList<FaultPlan> plans) =>
        [.. plans.Where(plan => plan.ToString().StartsWith(Beginning, StringComparison.Ordinal))];
}
