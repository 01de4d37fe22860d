using System.Buffers;

namespace Forensics.Agent.Filesystems;

/// <summary>A name as a JSON string: escaped as in diff.txt, and that as JSON has it.</summary>
internal sealed class JsonText(IBufferWriter<byte> output)
{
    private static readonly SearchValues<byte> NeedsEscape = SearchValues.Create("\"\\"u8);
    private readonly ArrayBufferWriter<byte> _escaped = new(512);

    /// <param name="slash">Whether a slash goes before it.</param>
    public void Write(ReadOnlySpan<byte> text, bool slash)
    {
        output.Write(slash ? "\"/"u8 : "\""u8);
        _escaped.ResetWrittenCount();
        EscapedText.Write(text, _escaped);
        var rest = _escaped.WrittenSpan;
        for (var at = rest.IndexOfAny(NeedsEscape); at >= 0; at = rest.IndexOfAny(NeedsEscape))
        {
            output.Write(rest[..at]);
            output.Write([(byte)'\\', rest[at]]);
            rest = rest[(at + 1)..];
        }

        output.Write(rest);
        output.Write("\""u8);
    }
}
