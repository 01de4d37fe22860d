namespace Forensics.Local;

/// <summary>One test that failed, for the end of what is printed: its own place in the output lies thousands of lines above.</summary>
/// <param name="Test">Class, method and arguments.</param>
internal sealed record TestFailure(string Test, string Message, string StackTrace)
{
    // A message may hold a whole archive's listing; what went wrong stands at its beginning.
    private const int MessageLines = 20;

    // The first frames are the assertion library's and the test's own; those below are the runner's.
    private const int StackLines = 8;

    public override string ToString() =>
        string.Join('\n', [$"Failed: {Test}", .. FirstLines(Message, MessageLines), .. FirstLines(StackTrace, StackLines)]);

    private static IEnumerable<string> FirstLines(string text, int limit) =>
        text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).Take(limit).Select(line => $"  {line}");
}
