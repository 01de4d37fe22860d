using System.Globalization;
using System.Xml.Linq;

namespace Forensics.Local;

/// <summary>What became of the tests of a run.</summary>
internal sealed record TestSummary
{
    public int Passed { get; init; }

    public int Failed { get; init; }

    /// <summary>Names of the tests that neither passed nor failed.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    public int Total => Passed + Failed + Skipped.Count;

    /// <summary>
    /// Reads a TRX report. Counted test by test: its Counters element reports skipped tests in a way that differs
    /// from one test adapter to the next.
    /// </summary>
    public static TestSummary Parse(string trx)
    {
        XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var results = XDocument.Parse(trx).Descendants(ns + "UnitTestResult")
            .Select(result => (Name: (string?)result.Attribute("testName") ?? "", Outcome: (string?)result.Attribute("outcome")))
            .ToList();
        return new TestSummary
        {
            Passed = results.Count(result => result.Outcome == "Passed"),
            Failed = results.Count(result => IsFailure(result.Outcome)),
            Skipped = [.. results.Where(result => result.Outcome != "Passed" && !IsFailure(result.Outcome)).Select(result => result.Name)],
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed");

    private static bool IsFailure(string? outcome) => outcome is "Failed" or "Error" or "Timeout" or "Aborted";
}
