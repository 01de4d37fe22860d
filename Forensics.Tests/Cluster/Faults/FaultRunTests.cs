namespace Forensics.Tests.Cluster.Faults;

public sealed class FaultRunTests
{
    [TestCase(null, false, null, false)]
    [TestCase("the status is wrong", false, "the status is wrong", true)]
    [TestCase(null, true, "the fault never struck", false)]
    [TestCase("the caches are not synced", true, "the fault never struck, and the caches are not synced", false)]
    public void A_run_finds_a_defect_only_if_its_fault_has_struck(string? complaint, bool neverStruck, string? failure, bool findsDefect)
    {
        var run = new FaultRun(complaint, neverStruck, null, [], "");

        run.Failure.Should().Be(failure);
        run.FindsDefect.Should().Be(findsDefect);
    }
}
