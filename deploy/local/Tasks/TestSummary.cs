using System.Globalization;
using System.Xml.Linq;

namespace Forensics.Local;

/// <summary>What became of the tests of a run.</summary>
internal sealed record TestSummary
{
    private static readonly XNamespace Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public int Passed { get; init; }

    public IReadOnlyList<TestFailure> Failures { get; init; } = [];

    /// <summary>Names of the tests that neither passed nor failed.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    public int Failed => Failures.Count;

    public int Total => Passed + Failed + Skipped.Count;

    /// <summary>
    /// Reads a TRX report. Counted test by test: its Counters element reports skipped tests in a way that differs
    /// from one test adapter to the next.
    /// </summary>
    public static TestSummary Parse(string trx)
    {
        var report = XDocument.Parse(trx);
        var classes = report.Descendants(Ns + "UnitTest").ToLookup(
            test => (string?)test.Attribute("id"), test => (string?)test.Element(Ns + "TestMethod")?.Attribute("className"));
        var results = report.Descendants(Ns + "UnitTestResult").ToLookup(result => OutcomeOf((string?)result.Attribute("outcome")));
        return new TestSummary
        {
            Passed = results[Outcome.Passed].Count(),
            Failures = [.. results[Outcome.Failed].Select(result => Failure(result, classes[(string?)result.Attribute("testId")].FirstOrDefault()))],
            Skipped = [.. results[Outcome.Skipped].Select(NameOf)],
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed");

    private static TestFailure Failure(XElement result, string? className)
    {
        var error = result.Descendants(Ns + "ErrorInfo").FirstOrDefault();
        return new TestFailure(
            className is null ? NameOf(result) : $"{className}.{NameOf(result)}",
            (string?)error?.Element(Ns + "Message") ?? "",
            (string?)error?.Element(Ns + "StackTrace") ?? "");
    }

    private static string NameOf(XElement result) => (string?)result.Attribute("testName") ?? "";

    private static Outcome OutcomeOf(string? outcome) => outcome switch
    {
        "Passed" => Outcome.Passed,
        "Failed" or "Error" or "Timeout" or "Aborted" => Outcome.Failed,
        _ => Outcome.Skipped,
    };

    private enum Outcome
    {
        Passed,
        Failed,
        Skipped,
    }
}
