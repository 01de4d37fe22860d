using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Turns GET /containers/ID/logs (with time stamps) into the CRI's log format,
/// <c>TIME stdout|stderr F|P TEXT</c>: P marks a line that the next one continues.</summary>
/// <remarks>Without a terminal the daemon sends each message in a frame: one byte for the stream, three zero bytes, four bytes
/// of length (big-endian), then time, space, text. With a terminal it sends bare lines.</remarks>
internal static class DockerLogs
{
    private const int HeaderLength = 8;
    private const int PieceLength = 64 * 1024;

    // The daemon cuts messages at 16 KiB, some drivers at 256 KiB.
    private const int LongestMessage = 4 << 20;

    private const byte StandardOutput = 1;
    private const byte StandardError = 2;

    /// <summary>The daemon's own word that it cannot read on.</summary>
    private const byte DaemonError = 3;

    /// <summary>What the daemon answers of a log driver that only sends logs away.</summary>
    public static bool CannotBeRead(HttpStatusCode status, string said) =>
        status == HttpStatusCode.NotImplemented || said.Contains("does not support reading", StringComparison.Ordinal);

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ToCriAsync(
        Stream docker, bool hasTerminal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(docker, new StreamPipeReaderOptions(bufferSize: PieceLength, leaveOpen: true));
        var lines = new CriLogWriter();
        var isWithinLine = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var rest = result.Buffer;
            var problem = hasTerminal ? TakeLines(ref rest, result.IsCompleted, ref isWithinLine, lines) : TakeFrames(ref rest, lines);
            if (result.IsCompleted && !rest.IsEmpty) problem ??= "The log breaks off within a message.";
            reader.AdvanceTo(rest.Start, rest.End);

            // What is sound goes out before anything can fail.
            if (!lines.Written.IsEmpty) yield return lines.Written;
            lines.Clear();
            if (problem is not null) throw new RuntimeException(Reasons.StreamTruncated, problem) { IsCut = true };
            if (result.IsCompleted) yield break;
        }
    }

    /// <summary>Takes every whole frame. Returns what is wrong with the next one; null if it is only not here yet.</summary>
    private static string? TakeFrames(ref ReadOnlySequence<byte> rest, CriLogWriter lines)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        while (rest.Length >= HeaderLength)
        {
            rest.Slice(0, HeaderLength).CopyTo(header);
            var source = header[0];
            var length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
            if (source is < StandardOutput or > DaemonError || length > LongestMessage) return "The daemon's log stream is malformed.";
            if (rest.Length < HeaderLength + length) return null;

            var message = rest.Slice(HeaderLength, length);
            rest = rest.Slice(message.End);
            if (source == DaemonError)
                return "The daemon cannot read the log on: " + EscapedText.Of(Encoding.UTF8.GetString(message).Trim());
            lines.Append(source == StandardError ? "stderr"u8 : "stdout"u8, message);
        }

        return null;
    }

    /// <summary>Takes every whole line, and what is left at the end or grows too long to wait for. Nothing can be wrong with it.</summary>
    /// <param name="isWithinLine">Whether it begins within a line of which the beginning was taken before.</param>
    private static string? TakeLines(ref ReadOnlySequence<byte> rest, bool isLast, ref bool isWithinLine, CriLogWriter lines)
    {
        while (!rest.IsEmpty)
        {
            if (rest.PositionOf((byte)'\n') is { } newline)
            {
                var end = rest.GetPosition(1, newline);
                lines.Append("stdout"u8, rest.Slice(0, end), isWithinLine);
                (rest, isWithinLine) = (rest.Slice(end), false);
            }
            else if (isLast || rest.Length >= PieceLength)
            {
                lines.Append("stdout"u8, rest, isWithinLine);
                (rest, isWithinLine) = (rest.Slice(rest.End), true);
            }
            else
            {
                return null;
            }
        }

        return null;
    }
}
