namespace Forensics.Controller.Checkpoints;

/// <summary>What an agent said last, for a message to people. Kubernetes hands over the end of its log where it left no outcome.</summary>
internal static class LastWords
{
    private const int MaxLength = 400;

    // Kubernetes hands over 2048 bytes at the most, and does not begin them at a line.
    private const int CutFrom = 2000;

    /// <summary>The last lines that fit, but for those of progress, which are for programs. Null if there are none. Not safe to show.</summary>
    public static string? Of(string? logTail)
    {
        var lines = (logTail ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var whole = lines.Length > 1 && logTail!.Length >= CutFrom ? lines.Skip(1) : lines;
        string? words = null;
        foreach (var line in whole.Where(line => !line.StartsWith('{')).Reverse())
        {
            if (words is null) words = line[^Math.Min(MaxLength, line.Length)..];
            else if (line.Length + words.Length <= MaxLength) words = $"{line} | {words}";
            else break;
        }

        return words;
    }
}
