using System.Runtime.CompilerServices;
using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>Reads the log files of one container, rotated ones first. They are in the CRI's format already.</summary>
internal sealed class CriLogs(HostLayout layout)
{
    private const int PieceLength = 64 * 1024;

    /// <param name="logPath">The node's file that the log is written to now: <c>…/POD/CONTAINER/ATTEMPT.log</c>.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string logPath, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (logPath.Length == 0) throw new RuntimeException(Reasons.LogsUnavailable, "The container was started without a log file.");
        if (layout.Find(logPath) is not { } here)
        {
            throw new RuntimeException(
                Reasons.RuntimeFailed, $"The node's {EscapedText.Of(logPath)} cannot be reached from the agent. Say where the pods' logs are by --node-paths.");
        }

        using var files = LogFiles.Open(here);
        var piece = new byte[PieceLength];
        foreach (var file in files.OldestFirst)
        {
            await using var content = file.Open();
            var left = file.Length ?? long.MaxValue;
            while (left > 0)
            {
                var read = await ReadAsync(content, piece.AsMemory(0, (int)Math.Min(left, piece.Length)), file.Name, cancellationToken);
                if (read == 0) break;
                left -= read;
                yield return piece.AsMemory(0, read);
            }
        }

        if (files.Refused.Count > 0) throw NotFiles(files.Refused);
    }

    private static async ValueTask<int> ReadAsync(Stream content, Memory<byte> piece, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(piece, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new RuntimeException(Reasons.StreamTruncated, $"The log file {EscapedText.Of(name)} cannot be read on: {e.Message}", e) { IsCut = true };
        }
    }

    private static RuntimeException NotFiles(IReadOnlyList<string> names) => new(
        Reasons.RuntimeFailed, $"Beside the log there are links or other things that are no files, and were not read: {EscapedText.Of(string.Join(", ", names))}.")
    { IsCut = true };
}
