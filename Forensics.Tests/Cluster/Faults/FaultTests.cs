namespace Forensics.Tests.Cluster.Faults;

/// <summary>Whatever goes wrong between controller and API server: the end is the same, no object was made or taken away more often
/// than it must be, and the status is true. <see cref="LongFaultTests"/> goes through many more.</summary>
[Category("Cluster")]
public sealed class FaultTests() : FaultFixture(recordings: 1)
{
    [Test]
    public async Task A_few_faults_of_every_kind_change_nothing()
    {
        var plans = Choice.Of(Campaign.AllPlans(), FaultSpread.Few);
        if (Choice.IsSpread)
        {
            plans.Select(plan => plan.Story).Distinct().Should().BeEquivalentTo(Stories.All);
            plans.Select(plan => plan.Kind).Distinct().Should().BeEquivalentTo(FaultKinds.All.Where(kind => !FaultSpread.IsSlow(kind)));
        }

        await ChangeNothingAsync(plans);
    }
}
