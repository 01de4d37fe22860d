using System.Xml.Linq;
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
    public void A_failure_is_told_with_its_class_its_message_and_where_it_was()
    {
        var summary = TestSummary.Parse("""
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Results>
                <UnitTestResult testId="1" testName="It_holds(&quot;x&quot;)" outcome="Failed">
                  <Output><ErrorInfo><Message>Expected 2,&#10;but found 3.</Message><StackTrace>at Some.Place()</StackTrace></ErrorInfo></Output>
                </UnitTestResult>
              </Results>
              <TestDefinitions><UnitTest id="1"><TestMethod className="Some.Tests" /></UnitTest></TestDefinitions>
            </TestRun>
            """);

        summary.Failures.Should().ContainSingle().Which.ToString().Should()
            .Be("Failed: Some.Tests.It_holds(\"x\")\n  Expected 2,\n  but found 3.\n  at Some.Place()");
    }

    [Test]
    public void A_failure_with_a_very_long_message_is_cut_to_its_beginning() =>
        new TestFailure("a", string.Join('\n', Enumerable.Range(1, 1000)), "").ToString().Split('\n').Should()
            .HaveCount(21).And.StartWith(["Failed: a", "  1", "  2"]);

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

    [TestCase(nameof(TestScope.Quick), "Name~a|Name~b", "TestCategory!=Cluster&TestCategory!=Long&(Name~a|Name~b)")]
    [TestCase(nameof(TestScope.Cluster), "Name~a|Name~b", "TestCategory!=Long&(Name~a|Name~b)")]
    [TestCase(nameof(TestScope.Long), "Name~a", "Name~a")]
    public void A_filter_lets_no_test_into_a_run_that_is_too_small_for_it(string scope, string filter, string given) =>
        DotnetTest.Filter(Enum.Parse<TestScope>(scope), filter).Should().Equal("--filter", given);

    [Test]
    public void Where_no_filter_is_given_the_settings_file_chooses() =>
        DotnetTest.Filter(TestScope.Quick, filter: null).Should().BeEmpty();

    [Test]
    public void With_a_cluster_tests_start_the_programs_of_the_images_and_without_one_there_may_be_none()
    {
        foreach (var scope in new[] { TestScope.Cluster, TestScope.Long })
            DotnetTest.EnvironmentOf("/src", scope).Should().Equal(new Dictionary<string, string> { [DotnetTest.ProgramsVariable] = "/src/artifacts/images" });
        DotnetTest.EnvironmentOf("/src", TestScope.Quick).Should().BeEmpty();
    }

    [Test]
    public void Every_settings_file_can_be_read([Values("quick", "all", "long")] string name) =>
        XDocument.Load(Path.Combine(RepositoryRoot.Find(), "Forensics.Tests", $"{name}.runsettings")).Root!.Name.LocalName.Should().Be("RunSettings");

    private static string Trx(params (string Name, string Outcome)[] results) =>
        "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>"
        + string.Concat(results.Select(result => $"<UnitTestResult testName=\"{result.Name}\" outcome=\"{result.Outcome}\" />"))
        + "</Results></TestRun>";
}
