namespace Forensics.Tests.Cluster.Faults;

public sealed class FaultSpreadTests
{
    // Two stories that begin alike, and one that is all its own.
    private static readonly IReadOnlyList<FaultPlan> All =
    [
        .. Plans("goes well", Write("create jobs"), Event("event jobs ADDED"), Write("update status Capturing"), Read("get pods"), Write("update status Complete")),
        .. Plans("goes wrong", Write("create jobs"), Event("event jobs ADDED"), Write("update status Capturing"), Read("get pods"), Write("update status Failed")),
        .. Plans("is asked for twice", Write("update status Capturing"), Write("create jobs"), Write("create jobs", 2), Event("event jobs ADDED"), Read("get pods"), Read("get pods", 2)),
    ];

    private static readonly IReadOnlyList<FaultPlan> Many = FaultSpread.Many(All);

    [Test]
    public void Every_point_of_a_long_run_meets_every_kind_of_fault_that_strikes_there() =>
        Many.Select(plan => (plan.Point, plan.Kind)).Distinct().Should().BeEquivalentTo(All.Select(plan => (plan.Point, plan.Kind)).Distinct());

    [Test]
    public void The_controller_is_killed_at_every_write_that_has_a_history_of_its_own()
    {
        foreach (var kind in new[] { FaultKinds.KilledBefore, FaultKinds.KilledAfter })
        {
            Many.Where(plan => plan.Kind == kind).Select(plan => $"{plan.Story}: {plan.Point}").Should().Equal(
                "goes well: create jobs #1", "goes well: update status Capturing #1", "goes well: update status Complete #1",
                "goes wrong: update status Failed #1",
                "is asked for twice: update status Capturing #1", "is asked for twice: create jobs #1", "is asked for twice: create jobs #2");
        }
    }

    [Test]
    public void All_stories_that_come_by_a_point_have_their_turns() =>
        Many.Where(plan => plan.Point == Write("create jobs") && plan.Kind != FaultKinds.KilledBefore && plan.Kind != FaultKinds.KilledAfter)
            .Select(plan => plan.Story.Name).Distinct().Should().BeEquivalentTo("goes well", "goes wrong", "is asked for twice");

    [Test]
    public void How_much_is_met_is_counted_in_points_and_kinds()
    {
        var kinds = FaultKinds.All.Count(kind => kind.Strikes == PointKind.Write);

        FaultCoverage.Of(PointKind.Write, Many, All).ToString().Should().Be($"5 write points x {kinds} kinds of fault ({5 * kinds} of {5 * kinds})");
        FaultCoverage.Of(PointKind.Write, [Many[0]], All).ToString().Should().Be($"5 write points x {kinds} kinds of fault (1 of {5 * kinds})");
    }

    [Test]
    public void No_plan_is_carried_out_twice() => Many.Should().OnlyHaveUniqueItems();

    [Test]
    public void The_same_plans_are_chosen_every_time()
    {
        FaultSpread.Many(All).Should().Equal(Many);
        FaultSpread.Few(All).Should().Equal(FaultSpread.Few(All));
    }

    [Test]
    public void A_short_run_has_every_story_and_every_kind_of_fault_but_the_slow_ones()
    {
        var few = FaultSpread.Few(All);

        few.Select(plan => plan.Story).Distinct().Should().BeEquivalentTo(All.Select(plan => plan.Story).Distinct());
        few.Select(plan => plan.Kind).Distinct().Should().BeEquivalentTo(FaultKinds.All.Where(kind => !FaultSpread.IsSlow(kind)));
        few.Should().OnlyContain(plan => plan.Point.Nth == 1);
    }

    private static IEnumerable<FaultPlan> Plans(string name, params IEnumerable<FaultPoint> points)
    {
        var story = new Story(name, _ => Task.CompletedTask);
        return from point in points from kind in FaultKinds.All where kind.Strikes == point.Kind select new FaultPlan(story, point, kind);
    }

    private static FaultPoint Write(string what, int nth = 1) => new(PointKind.Write, what, nth);

    private static FaultPoint Read(string what, int nth = 1) => new(PointKind.Read, what, nth);

    private static FaultPoint Event(string what) => new(PointKind.Event, what, 1);
}
