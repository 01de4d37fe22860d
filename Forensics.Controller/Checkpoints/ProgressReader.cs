using System.Text.Json;
using Forensics.Api;

namespace Forensics.Controller.Checkpoints;

/// <summary>Finds the agent's last word in the tail of its log.</summary>
internal static class ProgressReader
{
    public const int Lines = 5;

    /// <summary>Null if no line is one of progress. What the suspect node says goes into a status, so it is made safe to show.</summary>
    public static CaptureProgress? Of(string? logTail) =>
        (logTail ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse().Select(Parse).FirstOrDefault(p => p is not null);

    private static CaptureProgress? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') && JsonSerializer.Deserialize(line, ApiJson.Compact.CaptureProgress) is { Time: not null, Bytes: >= 0, ArtifactsDone: >= 0 } progress
                ? progress with { Container = Safe(progress.Container), Artifact = Safe(progress.Artifact) }
                : null;
        }
        catch (JsonException)
        {
            return null; // Another line of the log, or one that the tail cut in two.
        }
    }

    private static string? Safe(string? name) => name is null ? null : PlainText.Of(name, 300);
}
