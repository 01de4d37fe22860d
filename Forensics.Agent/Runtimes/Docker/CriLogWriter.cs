using System.Buffers;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Writes messages that begin with their time as lines of the CRI's log format.</summary>
internal sealed class CriLogWriter
{
    // RFC 3339 with nanoseconds and a numeric offset.
    private const int LongestTime = 35;
    private static readonly SearchValues<byte> TimeCharacters = SearchValues.Create("0123456789-+:.TZ"u8);
    private readonly ArrayBufferWriter<byte> _lines = new();
    private byte[] _time = "0001-01-01T00:00:00Z"u8.ToArray();

    /// <summary>Whole lines; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Written => _lines.WrittenMemory;

    public void Clear() => _lines.ResetWrittenCount();

    /// <summary>A message without a time of its own continues the one before it. One that holds several lines becomes several,
    /// so that no container can forge another line's time or stream.</summary>
    /// <param name="isContinuation">It begins within a line: what looks like a time there is the container's.</param>
    public void Append(ReadOnlySpan<byte> stream, ReadOnlySequence<byte> message, bool isContinuation = false)
    {
        var bytes = message.IsSingleSegment ? message.FirstSpan : message.ToArray();
        var text = isContinuation ? bytes : TakeTime(bytes);
        do
        {
            var newline = text.IndexOf((byte)'\n');
            var line = newline < 0 ? text : text[..newline];
            text = newline < 0 ? [] : text[(newline + 1)..];

            _lines.Write(_time);
            _lines.Write(" "u8);
            _lines.Write(stream);
            _lines.Write(newline < 0 ? " P "u8 : " F "u8);
            _lines.Write(line);
            _lines.Write("\n"u8);
        }
        while (!text.IsEmpty);
    }

    private ReadOnlySpan<byte> TakeTime(ReadOnlySpan<byte> message)
    {
        var space = message[..Math.Min(message.Length, LongestTime + 1)].IndexOf((byte)' ');
        if (space < 0 || !LooksLikeTime(message[..space])) return message;
        if (!message[..space].SequenceEqual(_time)) _time = message[..space].ToArray();
        return message[(space + 1)..];
    }

    private static bool LooksLikeTime(ReadOnlySpan<byte> word) =>
        word.Length >= "2006-01-02T15:04:05Z".Length && word[4] == '-' && word[7] == '-' && word[10] == 'T' && word[13] == ':'
        && !word.ContainsAnyExcept(TimeCharacters);
}
