using Forensics.Local;

namespace Forensics.Tests.Local.Tasks;

public sealed class TestSummaryTests
{
    [Test]
    public void Every_outcome_is_counted()
    {
        var summary = TestSummary.Parse(Trx(("a", "Passed"), ("b", "Passed"), ("c", "Failed"), ("d", "Timeout"), ("e", "NotExecuted")));

        summary.ToString().Should().Be("2 passed, 2 failed");
        summary.Skipped.Should().Equal("e");
        summary.Total.Should().Be(5);
    }

    [Test]
    public void A_clean_run_gives_no_complaint() =>
        DotnetTest.Complaints(TestSummary.Parse(Trx(("a", "Passed"))), exitCode: 0).Should().BeEmpty();

    [TestCase("Failed", 1, "1 tests failed.")]
    [TestCase("NotExecuted", 0, "1 tests were skipped: a")]
    [TestCase("Inconclusive", 0, "1 tests were skipped: a")]
    public void Anything_but_a_pass_is_no_success(string outcome, int exitCode, string complaint) =>
        DotnetTest.Complaints(TestSummary.Parse(Trx(("a", outcome))), exitCode).Should().Equal(complaint);

    [Test]
    public void A_run_that_broke_off_is_no_success_even_if_all_that_ran_passed() =>
        DotnetTest.Complaints(TestSummary.Parse(Trx(("a", "Passed"))), exitCode: 1).Should().ContainSingle().Which.Should().Contain("exit code 1");

    [Test]
    public void A_run_of_nothing_is_no_success() =>
        DotnetTest.Complaints(new TestSummary(), exitCode: 0).Should().Equal("No test ran.");

    [Test]
    public void A_filter_does_not_let_cluster_tests_into_a_quick_run()
    {
        DotnetTest.Filter(all: false, "Name~a|Name~b").Should().Equal("--filter", "TestCategory!=Cluster&(Name~a|Name~b)");
        DotnetTest.Filter(all: true, "Name~a").Should().Equal("--filter", "Name~a");
        DotnetTest.Filter(all: false, filter: null).Should().BeEmpty();
    }

    private static string Trx(params (string Name, string Outcome)[] results) =>
        "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>"
        + string.Concat(results.Select(result => $"<UnitTestResult testName=\"{result.Name}\" outcome=\"{result.Outcome}\" />"))
        + "</Results></TestRun>";
}
